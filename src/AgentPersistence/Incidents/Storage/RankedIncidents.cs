using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Incidents.Storage;

/// <summary>Reads the incidents that a ranking has chosen.</summary>
internal static class RankedIncidents
{
    /// <summary>The incidents in the order of the ranking; one that has gone meanwhile is left out.</summary>
    public static async Task<IReadOnlyList<SimilarIncident>> ReadAsync(
        StoreExecutor executor, List<(Guid Id, double Score)> best, CancellationToken cancellationToken)
    {
        if (best.Count == 0)
        {
            return [];
        }

        var incidents = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindIncidents).Ids("ids", best.ConvertAll(b => b.Id)).ReadAllAsync(IncidentRow.Read, ct),
            cancellationToken).ConfigureAwait(false);
        var byId = incidents.ToDictionary(i => i.Incident.Id, i => i.Incident);
        return [.. best.Where(b => byId.ContainsKey(b.Id)).Select(b => new SimilarIncident(byId[b.Id], b.Score))];
    }
}
