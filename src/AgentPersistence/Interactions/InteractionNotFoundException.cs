namespace AgentPersistence.Interactions;

/// <summary>No interaction has this id: it was never logged, or it was deleted. Nothing was stored.</summary>
/// <param name="interactionId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class InteractionNotFoundException(Guid interactionId, Exception? innerException = null)
    : AgentPersistenceException($"There is no interaction {interactionId}. Log it with LogAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid InteractionId { get; } = interactionId;
}
