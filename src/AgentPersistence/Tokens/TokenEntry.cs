namespace AgentPersistence.Tokens;

/// <summary>An entry of the ledger as stored; it never changes. Times are UTC, to the microsecond.</summary>
public sealed record TokenEntry
{
    /// <summary>The entry's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>What the tokens were spent for.</summary>
    public required string Scope { get; init; }

    /// <summary>Who provides the model.</summary>
    public required string Provider { get; init; }

    /// <summary>The model; null where it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>The tokens.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The agent's run; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>The call within its run; null for none.</summary>
    public string? CallId { get; init; }

    /// <summary>Which attempt at the call this is, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The chat thread; null for none.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The job; null for none.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The user on whose behalf; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The session; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>What the call cost, as it was given or priced when it was logged; null where nobody knew.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The currency of <see cref="Cost"/>; null without one.</summary>
    public string? Currency { get; init; }

    /// <summary>When the call was made.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was handed to the store, by the writer's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Only from a log: whether this run, call and attempt was stored before, so that the log stored nothing. False when read.
    /// </summary>
    public bool AlreadyLogged { get; init; }
}
