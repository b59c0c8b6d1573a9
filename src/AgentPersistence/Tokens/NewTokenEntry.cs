namespace AgentPersistence.Tokens;

/// <summary>
/// What one model call used. Ids and names are not blank, at most 255 characters, no control characters, well-formed UTF-16.
/// </summary>
public sealed record NewTokenEntry
{
    /// <summary>What the tokens were spent for: <see cref="TokenScopes"/>, or any name of the host's.</summary>
    public required string Scope { get; init; }

    /// <summary>Who provides the model, for example <c>anthropic</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The model as the provider names it; null where it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>The tokens.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The agent's run; null for none. Required where there is a <see cref="CallId"/>.</summary>
    public string? RunId { get; init; }

    /// <summary>
    /// The call within its run. Logging the same run, call and attempt again stores nothing.
    /// </summary>
    /// <value>The default is null: every log stores an entry.</value>
    public string? CallId { get; init; }

    /// <summary>Which attempt at the call this is, from 1: a call that is repeated has used its tokens twice.</summary>
    /// <value>The default is 1.</value>
    public int Attempt { get; init; } = 1;

    /// <summary>The chat thread; null for none.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The job; null for none.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The user on whose behalf; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The session; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// What the call cost: 0 to 9,000,000, rounded once to twelve decimals. Kept as it is, whatever prices become.
    /// </summary>
    /// <value>The default is null: <see cref="TokenOptions.Pricing"/> is asked, if the host has registered one.</value>
    public decimal? Cost { get; init; }

    /// <summary>The currency of <see cref="Cost"/>: three capital letters as in ISO 4217. Only with a cost.</summary>
    /// <value>The default is null: <see cref="TokenOptions.Currency"/>.</value>
    public string? Currency { get; init; }

    /// <summary>When the call was made; null for now. Kept in UTC, to the microsecond.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
}
