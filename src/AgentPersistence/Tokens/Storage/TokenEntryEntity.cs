namespace AgentPersistence.Tokens.Storage;

/// <summary>A row of <c>agent_token_ledger</c>. It is written once.</summary>
internal sealed class TokenEntryEntity
{
    public Guid Id { get; init; }

    public required string Scope { get; init; }

    public required string Provider { get; init; }

    public string? Model { get; init; }

    public string? RunId { get; init; }

    public string? CallId { get; init; }

    public int Attempt { get; init; }

    public Guid? ThreadId { get; init; }

    public Guid? JobId { get; init; }

    public string? UserId { get; init; }

    public string? SessionId { get; init; }

    public long TokensInput { get; init; }

    public long TokensCacheRead { get; init; }

    public long TokensCacheWrite { get; init; }

    public long TokensOutput { get; init; }

    public long TokensReasoning { get; init; }

    /// <summary>The sum of the buckets, for whoever reads the table without this library.</summary>
    public long TokensTotal { get; init; }

    public decimal? Cost { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not stored: whether the caller has stated the cost, so that a repeated log is held against it.</summary>
    internal bool IsCostGiven { get; init; }

    /// <summary>Not stored: whether the caller has stated the time.</summary>
    internal bool IsTimeGiven { get; init; }
}
