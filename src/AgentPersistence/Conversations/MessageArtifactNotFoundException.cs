namespace AgentPersistence.Conversations;

/// <summary>There is no artifact with this id, or no longer. Nothing was stored.</summary>
/// <param name="artifactId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class MessageArtifactNotFoundException(Guid artifactId, Exception? innerException = null)
    : AgentPersistenceException($"There is no artifact {artifactId}, or its thread has been deleted; nothing was stored.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid ArtifactId { get; } = artifactId;
}
