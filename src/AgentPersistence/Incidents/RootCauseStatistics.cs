namespace AgentPersistence.Incidents;

/// <summary>How the incidents of one root cause went, computed by the database.</summary>
public sealed record RootCauseStatistics
{
    /// <summary>The diagnosis; null stands for the incidents that have none.</summary>
    public string? RootCause { get; init; }

    /// <summary>How many incidents there are, open ones included.</summary>
    public long TotalIncidents { get; init; }

    /// <summary>How many of them have a final outcome.</summary>
    public long SettledIncidents { get; init; }

    /// <summary>How many of them are <see cref="IncidentOutcome.Completed"/>.</summary>
    public long SuccessfulResolutions { get; init; }

    /// <summary><see cref="SuccessfulResolutions"/> of <see cref="TotalIncidents"/>: 0 to 1.</summary>
    public double SuccessRate { get; init; }

    /// <summary>The mean of the incidents' confidence: 0 to 1.</summary>
    public double AverageConfidence { get; init; }
}
