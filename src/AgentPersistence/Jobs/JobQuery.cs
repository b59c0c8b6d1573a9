namespace AgentPersistence.Jobs;

/// <summary>Which jobs to read. Every member that is set must match.</summary>
public sealed record JobQuery
{
    /// <summary>Only jobs that stand so; null for any.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Only jobs of this mode; null for any. Not blank, at most 255 characters.</summary>
    public string? Mode { get; init; }

    /// <summary>Only jobs of this conversation; null for any.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>Only jobs that this message caused; null for any.</summary>
    public Guid? TriggerMessageId { get; init; }

    /// <summary>Only jobs that wait for this approval; null for any.</summary>
    public Guid? WaitingFor { get; init; }

    /// <summary>The last job of the page before: the next page goes on after its id. Null starts at the beginning.</summary>
    public Job? After { get; init; }

    /// <summary>How many jobs to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
