using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Incidents;

/// <summary>
/// An incident to record. Two are equal when their members are, JSON compared by its text, the embedding by what it refers to.
/// </summary>
public sealed record NewIncident
{
    private readonly JsonText _actionsTaken;

    /// <summary>
    /// The incident's id, made by the caller so that recording may be repeated: the same id, signal cluster, root cause and confidence
    /// store nothing again. Not empty.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public Guid? Id { get; init; }

    /// <summary>
    /// The pattern that was detected, in words: what similar incidents are found by. Free text: U+0000 and lone surrogates become U+FFFD.
    /// </summary>
    public required string SignalCluster { get; init; }

    /// <summary>
    /// The diagnosis, as a label that success rates are grouped by; null for none. Free text of at most 255 characters.
    /// </summary>
    public string? RootCause { get; init; }

    /// <summary>How sure the diagnosis is: 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>
    /// What is about to be done, or was: usually an array of actions. Strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an
    /// option). Null for none, which differs from a JSON null.
    /// </summary>
    public JsonElement? ActionsTaken { get => _actionsTaken.Element; init => _actionsTaken = new(value); }

    /// <summary>How it went, where that is known already.</summary>
    /// <value>The default is <see cref="IncidentOutcome.Pending"/>: it is recorded before acting.</value>
    public IncidentOutcome Outcome { get; init; }

    /// <summary>
    /// The signal cluster as a vector: 1 to 8,192 finite numbers, not all zero. Only its direction is kept. It is copied before the call
    /// first waits, so the memory may be used again.
    /// </summary>
    /// <value>The default is null: <see cref="IncidentOptions.Embedding"/> makes it, where the host has set that.</value>
    public ReadOnlyMemory<float>? Embedding { get; init; }
}
