using System.Data.Common;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Incidents.Storage;

/// <summary>
/// Ranks incidents by their vectors, exactly: it reads them as they come and keeps the best, so memory is bounded by the limit and time by
/// <see cref="IncidentOptions.MaxScannedEmbeddings"/>.
/// </summary>
internal sealed class IncidentVectors(StoreExecutor executor)
{
    /// <summary>None where no incident has a vector of as many numbers.</summary>
    public async Task<IReadOnlyList<SimilarIncident>> FindAsync(byte[] vector, int limit, CancellationToken cancellationToken)
    {
        var best = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.ReadEmbeddings)
                .Number("bytes", vector.Length).Number("limit", executor.Options.Incidents.MaxScannedEmbeddings)
                .StreamAsync(reader => CompareAsync(new StoreReader(unit.Dialect, reader), reader, vector, limit, ct), ct),
            cancellationToken).ConfigureAwait(false);
        return await RankedIncidents.ReadAsync(executor, best, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The best, the most similar first. Rows come the last recorded first, and of equal ones the earlier stays.</summary>
    private static async Task<List<(Guid Id, double Score)>> CompareAsync(
        StoreReader row, DbDataReader reader, byte[] vector, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[vector.Length];
        var best = new PriorityQueue<Guid, (double Cosine, long Age)>();
        for (var age = 0L; await reader.ReadAsync(cancellationToken).ConfigureAwait(false); age++)
        {
            if (reader.GetBytes(1, 0, buffer, 0, buffer.Length) != buffer.Length)
            {
                throw new FormatException("A stored vector ended early.");
            }

            var candidate = (EmbeddingVector.Cosine(vector, buffer), -age);
            if (best.Count < limit)
            {
                best.Enqueue(row.Id(0), candidate);
            }
            else if (best.TryPeek(out _, out var worst) && candidate.CompareTo(worst) > 0)
            {
                best.EnqueueDequeue(row.Id(0), candidate);
            }
        }

        var ascending = new List<(Guid, double)>(best.Count);
        while (best.TryDequeue(out var id, out var rank))
        {
            ascending.Add((id, rank.Cosine));
        }

        ascending.Reverse();
        return ascending;
    }
}
