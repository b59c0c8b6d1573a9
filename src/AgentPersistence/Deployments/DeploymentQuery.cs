namespace AgentPersistence.Deployments;

/// <summary>Which deployments to read. Every member that is set must match; texts match exactly, by bytes.</summary>
public sealed record DeploymentQuery
{
    /// <summary>Only this branch; null for any. Not blank, at most 255 characters.</summary>
    public string? Branch { get; init; }

    /// <summary>Only this commit; null for any. Not blank, at most 255 characters.</summary>
    public string? GitSha { get; init; }

    /// <summary>Only deployments that stand so now; null for any.</summary>
    public DeploymentStatus? Status { get; init; }

    /// <summary>Only deployments created at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only deployments created before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last deployment of the page before, as it was read: its creation time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public Deployment? After { get; init; }

    /// <summary>How many deployments to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
