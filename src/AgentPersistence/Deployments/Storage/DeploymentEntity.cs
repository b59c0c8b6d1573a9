namespace AgentPersistence.Deployments.Storage;

/// <summary>A row of <c>agent_deployments</c>.</summary>
internal sealed class DeploymentEntity
{
    public Guid Id { get; init; }

    public required string GitSha { get; init; }

    public required string Branch { get; init; }

    /// <summary>A <see cref="DeploymentStatus"/>.</summary>
    public required string Status { get; init; }

    public string? ReportText { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Identifies the write that gave the row its status, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }
}
