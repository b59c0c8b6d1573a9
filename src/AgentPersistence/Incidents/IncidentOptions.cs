using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Incidents;

/// <summary>How incidents are remembered.</summary>
public sealed class IncidentOptions
{
    /// <summary>The default of <see cref="MaxScannedEmbeddings"/>.</summary>
    public const int DefaultMaxScannedEmbeddings = 100_000;

    /// <summary>
    /// Turns a signal cluster into a vector, so that similar incidents are found by meaning: called once when an incident is recorded and
    /// once for each search, before the database is used, with the caller's cancellation token. It may be called at the same time by many.
    /// </summary>
    /// <remarks>
    /// It gives 1 to 8,192 finite numbers, not all zero, and as many each time. If it fails, the incident is recorded without a vector and
    /// a search is answered by full text, and <see cref="IncidentReceipt.EmbeddingFailure"/> or
    /// <see cref="SimilarIncidents.EmbeddingFailure"/> says so.
    /// </remarks>
    /// <value>The default is null: similarity is judged by the words alone.</value>
    public Func<string, CancellationToken, Task<ReadOnlyMemory<float>>>? Embedding { get; set; }

    /// <summary>How many vectors one search compares at most, the incidents recorded last first. It bounds time, not memory.</summary>
    /// <remarks>From 1 to 10,000,000.</remarks>
    /// <value>100,000.</value>
    [Range(1, 10_000_000)]
    public int MaxScannedEmbeddings { get; set; } = DefaultMaxScannedEmbeddings;
}
