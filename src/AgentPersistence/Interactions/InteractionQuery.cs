namespace AgentPersistence.Interactions;

/// <summary>Which interactions to read. Every member that is set must match; texts match exactly, by bytes.</summary>
public sealed record InteractionQuery
{
    /// <summary>Only this mode; null for any.</summary>
    public AssistantMode? AssistantMode { get; init; }

    /// <summary>Only this conversation; null for any. Not blank, at most 255 characters.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only this intent; null for any. At most 255 characters.</summary>
    public string? IntentName { get; init; }

    /// <summary>Only this category; null for any.</summary>
    public IntentCategory? IntentCategory { get; init; }

    /// <summary>Only this outcome; null for any.</summary>
    public InteractionOutcome? Outcome { get; init; }

    /// <summary>Only interactions that happened at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only interactions that happened before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last interaction of the page before, as it was read: its timestamp and id are where the next page goes on. Null starts at the
    /// beginning.
    /// </summary>
    public Interaction? After { get; init; }

    /// <summary>How many interactions to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
