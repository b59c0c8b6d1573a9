namespace AgentPersistence.Metrics;

/// <summary>
/// How one run went. When recording, null leaves what is stored as it was. Names (<see cref="JourneyName"/>,
/// <see cref="FinalOutcome"/>) are free text of at most 255 characters.
/// </summary>
public sealed record RunMetrics
{
    /// <summary>The run. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</summary>
    public required string RunId { get; init; }

    /// <summary>What kind of run it is; null for unknown. At most 255 characters.</summary>
    public string? JourneyName { get; init; }

    /// <summary>When it began, kept in UTC to the microsecond; null for unknown.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended, kept in UTC to the microsecond; null while it runs. A run that has one counts as finished.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>
    /// How long it took, in milliseconds, not negative. Null when recording: derived once both times are known, in whole milliseconds
    /// (0 if the end precedes the start), and again when they change; one that was given stays until another is given. Null when read:
    /// unknown.
    /// </summary>
    public long? DurationMs { get; init; }

    /// <summary>How it ended, such as <c>approved</c>; null for unknown. At most 255 characters.</summary>
    public string? FinalOutcome { get; init; }

    /// <summary>
    /// The ticket it led to; null for none. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? TicketId { get; init; }
}
