namespace AgentPersistence.Jobs.Storage;

/// <summary>A row of <c>agent_reactive_jobs</c>.</summary>
internal sealed class JobEntity
{
    public Guid Id { get; init; }

    public Guid? ThreadId { get; init; }

    public Guid? TriggerMessageId { get; init; }

    public required string Mode { get; init; }

    /// <summary>A <see cref="JobStatus"/>.</summary>
    public required string Status { get; init; }

    public string? PayloadJson { get; init; }

    public long Priority { get; init; }

    public DateTimeOffset RunAt { get; init; }

    public string? UniqueKey { get; init; }

    public long Attempts { get; init; }

    public long MaxAttempts { get; init; }

    /// <summary>The newest claim's, also after it was settled, so that a settlement whose answer was lost finds itself again.</summary>
    public Guid? Token { get; init; }

    public long Epoch { get; init; }

    public string? Worker { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>The id of an approval.</summary>
    public Guid? WaitingFor { get; init; }

    public string? ResultJson { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
