namespace AgentPersistence.Metrics.Storage;

/// <summary>A row of <c>agent_run_metrics</c>.</summary>
internal sealed class RunMetricsEntity
{
    public required string RunId { get; init; }

    public string? JourneyName { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Derived when start and end are known.</summary>
    public long? DurationMs { get; init; }

    public string? FinalOutcome { get; init; }

    public string? TicketId { get; init; }
}
