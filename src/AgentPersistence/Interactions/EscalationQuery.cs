namespace AgentPersistence.Interactions;

/// <summary>Which escalations to read. Every member that is set must match; texts match exactly, by bytes.</summary>
public sealed record EscalationQuery
{
    /// <summary>Only those of this interaction; null for any.</summary>
    public Guid? InteractionId { get; init; }

    /// <summary>Only this trigger; null for any. Not blank, at most 255 characters.</summary>
    public string? TriggerType { get; init; }

    /// <summary>Only escalations recorded at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only escalations recorded before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last escalation of the page before, as it was read: its creation time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public Escalation? After { get; init; }

    /// <summary>How many escalations to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
