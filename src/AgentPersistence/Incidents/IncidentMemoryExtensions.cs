using System.Text.Json;
using AgentPersistence.Internal;

namespace AgentPersistence.Incidents;

/// <summary>The questions most often asked of the incident memory.</summary>
public static class IncidentMemoryExtensions
{
    /// <summary>Reads the incidents recorded last, the newest first.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="limit">How many incidents at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The incidents; empty if there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is out of range.</exception>
    public static async Task<IReadOnlyList<Incident>> GetRecentAsync(
        this IIncidentMemory memory, int limit = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var query = new IncidentQuery { Limit = Input.Limit(limit, Input.MaxPageSize, nameof(limit)) };
        return await memory.QueryAsync(query, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Updates how an incident went; see <see cref="IIncidentMemory.UpdateOutcomeAsync"/>.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="incidentId">The incident's id.</param>
    /// <param name="outcome">How it went.</param>
    /// <param name="actionsTaken">What was done, replacing what is stored; null keeps that.</param>
    /// <param name="cancellationToken">Cancels the call; the update may be stored all the same.</param>
    /// <returns>The incident as stored.</returns>
    public static Task<Incident> UpdateOutcomeAsync(
        this IIncidentMemory memory,
        Guid incidentId,
        IncidentOutcome outcome,
        JsonElement? actionsTaken = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return memory.UpdateOutcomeAsync(
            incidentId, new IncidentUpdate { Outcome = outcome, ActionsTaken = actionsTaken }, cancellationToken);
    }
}
