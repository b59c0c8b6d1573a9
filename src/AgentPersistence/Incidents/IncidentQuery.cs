namespace AgentPersistence.Incidents;

/// <summary>Which incidents to read. Every member that is set must match.</summary>
public sealed record IncidentQuery
{
    /// <summary>Only this root cause, exactly; null for any. At most 255 characters.</summary>
    public string? RootCause { get; init; }

    /// <summary>Only incidents that went so; null for any.</summary>
    public IncidentOutcome? Outcome { get; init; }

    /// <summary>Only incidents recorded at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only incidents recorded before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last incident of the page before, as it was read: its time and id are where the next page goes on. Null starts at the
    /// beginning.
    /// </summary>
    public Incident? After { get; init; }

    /// <summary>How many incidents to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
