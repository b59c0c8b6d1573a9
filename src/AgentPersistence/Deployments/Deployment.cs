namespace AgentPersistence.Deployments;

/// <summary>A deployment as stored. Times are UTC, to the microsecond, by the database's clock.</summary>
public sealed record Deployment
{
    /// <summary>The deployment's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The commit that is deployed.</summary>
    public string GitSha { get; init; } = "";

    /// <summary>The branch it is deployed from.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public DeploymentStatus Status { get; init; }

    /// <summary>What was last reported about it; null for nothing yet.</summary>
    public string? ReportText { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its status or its report was last set.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// Whether the call that returns this found it so: a creation whose id is there already, an update to the status it has already.
    /// Of several callers who do the same, the one who gets false has done it. (Where the answer to a creation was lost and the
    /// deployment has moved on before it was repeated, nobody may.) Always false when read.
    /// </summary>
    public bool AlreadyStored { get; init; }
}
