namespace AgentPersistence.Customers.Storage;

/// <summary>A row of <c>agent_customer_context</c>.</summary>
internal sealed class CustomerContextEntity
{
    public required string CustomerId { get; init; }

    public DateTimeOffset? LastInteractionDate { get; init; }

    public long TotalInteractions { get; init; }

    public long TotalDenials { get; init; }

    public string? CustomNotes { get; init; }

    public long Version { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }
}
