using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>A job to be stored, checked, under the names by which the statement takes it.</summary>
internal sealed record JobRow(Guid Id, NewJob Job, string? Payload, long Delay)
{
    private const int LowestPriority = -100;
    private const int HighestPriority = 100;
    private const int MostAttempts = 1_000;
    private const int FixedSize = 256;

    public static readonly BulkInsert<JobRow> Columns = new(
        typeof(JobEntity),
        [
            new("id", StoredType.Id, r => r.Id),
            new("thread_id", StoredType.Id, r => r.Job.ThreadId),
            new("trigger_message_id", StoredType.Id, r => r.Job.TriggerMessageId),
            new("mode", StoredType.Text, r => r.Job.Mode),
            new("payload", StoredType.Json, r => r.Payload),
            new("priority", StoredType.Number, r => (long)r.Job.Priority),
            new("run_at", StoredType.Time, r => Input.Time(r.Job.RunAt)),
            new("delay", StoredType.Number, r => r.Delay),
            new("unique_key", StoredType.Text, r => r.Job.UniqueKey),
            new("max_attempts", StoredType.Number, r => (long)r.Job.MaxAttempts),
        ]);

    /// <summary>Whether it can meet another job: then it waits for the transaction that is storing that one.</summary>
    public bool MayBeTaken => Job.Id is not null || Job.UniqueKey is not null;

    /// <summary>About how many bytes the row sends to the database.</summary>
    public int Size => FixedSize + (Payload?.Length ?? 0);

    /// <exception cref="ArgumentException">A member of the job breaks its documented rule.</exception>
    public static JobRow Check(NewJob job, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(job);
        Input.Key(job.Mode, nameof(job.Mode));
        Input.OptionalKey(job.UniqueKey, nameof(job.UniqueKey));
        Input.Wait(job.Delay, Input.MaxTimeToLive, nameof(job.Delay));
        if (job.Delay is not null && job.RunAt is not null)
        {
            throw new ArgumentException("A job has a delay or a time, not both.", nameof(job.RunAt));
        }

        if (job.Priority is < LowestPriority or > HighestPriority)
        {
            throw new ArgumentOutOfRangeException(nameof(job.Priority), $"A priority is from {LowestPriority} to {HighestPriority}.");
        }

        return new JobRow(
            job.Id ?? executor.Ids.Next(),
            job with { Payload = null, MaxAttempts = Input.Limit(job.MaxAttempts, MostAttempts, nameof(job.MaxAttempts)) },
            Input.Json(job.Payload, nameof(job.Payload), executor.Options.MaxJsonBytes),
            job.Delay.GetValueOrDefault().Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>The job as this row was stored.</summary>
    public Job Stored(DateTimeOffset runAt, DateTimeOffset createdAt) => new()
    {
        Id = Id,
        Mode = Job.Mode,
        Status = JobStatus.Queued,
        Payload = StoredJson.Parse(Payload),
        ThreadId = Job.ThreadId,
        TriggerMessageId = Job.TriggerMessageId,
        Priority = Job.Priority,
        RunAt = runAt,
        UniqueKey = Job.UniqueKey,
        MaxAttempts = Job.MaxAttempts,
        CreatedAt = createdAt,
    };
}
