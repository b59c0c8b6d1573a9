namespace AgentPersistence.Incidents.Storage;

/// <summary>The vector of a signal cluster: the caller's, the configured function's, or none.</summary>
/// <param name="Vector">An <see cref="EmbeddingVector"/>; null for none.</param>
/// <param name="Failure">Why the function gave none; null where it did not fail.</param>
internal sealed record IncidentEmbedding(byte[]? Vector, Exception? Failure)
{
    private static readonly IncidentEmbedding None = new(null, null);

    /// <summary>Takes the given vector, or asks the function; what is wrong there is told, not thrown.</summary>
    public static async Task<IncidentEmbedding> MakeAsync(
        IncidentOptions options, string signalCluster, byte[]? given, CancellationToken cancellationToken)
    {
        if (given is not null || options.Embedding is not { } function)
        {
            return given is null ? None : new IncidentEmbedding(given, null);
        }

        try
        {
            var vector = await function(signalCluster, cancellationToken).ConfigureAwait(false);
            return new IncidentEmbedding(EmbeddingVector.From(vector.Span, nameof(IncidentOptions.Embedding)), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new IncidentEmbedding(null, exception);
        }
    }
}
