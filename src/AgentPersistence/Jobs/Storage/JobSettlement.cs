using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>How the holder of a claim lets go of it.</summary>
internal enum JobMove
{
    /// <summary>The job is done.</summary>
    Done,

    /// <summary>The job has failed for good.</summary>
    Failed,

    /// <summary>The attempt has failed.</summary>
    Retry,

    /// <summary>The attempt is given back.</summary>
    Back,
}

/// <summary>One holder's settlement of its claim, and what became of the job.</summary>
internal sealed class JobSettlement(JobClaim claim, JobMove move)
{
    private const int FixedSize = 192;

    public static readonly BulkInsert<JobSettlement> Columns = new(
        typeof(JobEntity),
        [
            new("job", StoredType.Id, s => s.Claim.Job.Id),
            new("claim", StoredType.Id, s => s.Claim.Token),
            new("move", StoredType.Text, s => s.MoveText),
            new("outcome", StoredType.Json, s => s.Result),
            new("reason", StoredType.Text, s => s.Error),
            new("delay", StoredType.Number, s => s.Delay),
        ]);

    public JobClaim Claim => claim;

    public JobMove Move => move;

    public string MoveText => EnumText<JobMove>.From(move);

    public string? Result { get; init; }

    public string? Error { get; init; }

    /// <summary>How long a job that is queued again waits, in microseconds.</summary>
    public long Delay { get; init; }

    /// <summary>The approval that the job waits for.</summary>
    public Guid? WaitingFor { get; init; }

    /// <summary>About how many bytes it sends to the database.</summary>
    public int Size => FixedSize + (Result?.Length ?? 0) + (Error?.Length ?? 0);

    /// <summary>What has become of the job; null until that is known.</summary>
    public JobStatus? Status { get; set; }

    /// <summary>Whether an earlier attempt may have stored it although its answer was lost.</summary>
    public bool MayBeStored { get; set; }

    /// <summary>
    /// What the row shows that this settlement has made of it; null where it was not this one, or nobody can tell. What it was to store is
    /// there, or it would not be known to be stored.
    /// </summary>
    public JobStatus? FoundIn(StoredJob? stored) => stored?.Token == claim.Token && stored?.Job is { } job && job.Status switch
    {
        JobStatus.Done => move == JobMove.Done && job.Result?.GetRawText() == Result,
        JobStatus.Failed => move is JobMove.Failed or JobMove.Retry && job.Error == Error,
        JobStatus.Canceled or JobStatus.Queued => move == JobMove.Back || (move == JobMove.Retry && job.Error == Error),
        _ => false,
    } ? job.Status : null;
}
