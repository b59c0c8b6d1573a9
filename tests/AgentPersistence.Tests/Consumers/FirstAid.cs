using AgentPersistence.Incidents;

namespace AgentPersistence.Tests.Consumers;

/// <summary>A host's own class that acts on incidents: what a consumer unit-tests with mocks.</summary>
public sealed class FirstAid(IIncidentMemory memory)
{
    /// <summary>Says what was done, and what helped before.</summary>
    public async Task<string> TreatAsync(string signal, Guid id)
    {
        var known = await memory.FindSimilarAsync(signal, 1);
        var cure = known.Matches is [var match, ..] ? match.Incident.RootCause : null;
        try
        {
            await memory.RecordAsync(new NewIncident { Id = id, SignalCluster = signal, RootCause = cure, Confidence = 0.5 });
            await memory.UpdateOutcomeAsync(id, IncidentOutcome.Completed);
            return $"cured {cure ?? "somehow"}, found by {known.Ranking}";
        }
        catch (IncidentConflictException)
        {
            return "another incident";
        }
        catch (IncidentNotFoundException)
        {
            return "gone";
        }
        catch (IncidentClosedException closed)
        {
            return $"it was {closed.Outcome}";
        }
    }
}
