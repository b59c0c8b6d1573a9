namespace AgentPersistence.Interactions;

/// <summary>Which interactions to sum up. Every member that is set must match.</summary>
public sealed record InteractionMetricsQuery
{
    /// <summary>Only this mode; null for any.</summary>
    public AssistantMode? AssistantMode { get; init; }

    /// <summary>Only interactions that happened at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only interactions that happened before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How long one period of <see cref="InteractionMetrics.Series"/> is.</summary>
    /// <value>The default is a day.</value>
    public InteractionInterval Interval { get; init; }
}
