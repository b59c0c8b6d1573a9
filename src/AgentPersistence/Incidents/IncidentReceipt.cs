namespace AgentPersistence.Incidents;

/// <summary>What became of an incident that was recorded.</summary>
/// <param name="Id">The incident's id.</param>
/// <param name="AlreadyRecorded">Whether it was stored by an earlier call with the same id, so that this one stored nothing.</param>
/// <param name="EmbeddingFailure">
/// Why no vector is stored with it, though <see cref="IncidentOptions.Embedding"/> is set: the incident can be found by its words, not by
/// a vector. Null if all went well.
/// </param>
public readonly record struct IncidentReceipt(Guid Id, bool AlreadyRecorded, Exception? EmbeddingFailure = null);
