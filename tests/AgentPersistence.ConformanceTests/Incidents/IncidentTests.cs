using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;
using AgentPersistence.Incidents.Storage;

namespace AgentPersistence.ConformanceTests.Incidents;

/// <summary>What the suites of incidents have in common.</summary>
public abstract class IncidentTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected IIncidentMemory Incidents => Agent.Incidents;

    protected static NewIncident Seen(string signal, double confidence = 0.5, string? rootCause = null) =>
        new() { SignalCluster = signal, Confidence = confidence, RootCause = rootCause };

    protected static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });

    /// <summary>Records the signals in their order, and returns the ids.</summary>
    protected static async Task<List<Guid>> RecordAsync(IIncidentMemory incidents, params IEnumerable<string> signals)
    {
        var ids = new List<Guid>();
        foreach (var signal in signals)
        {
            ids.Add((await incidents.RecordAsync(Seen(signal), Cancellation)).Id);
        }

        return ids;
    }

    /// <summary>The signals of what resembles a signal, the most similar first.</summary>
    protected static async Task<List<string>> SimilarAsync(IIncidentMemory incidents, string signal, int limit = 5)
    {
        var found = await incidents.FindSimilarAsync(signal, limit, cancellationToken: Cancellation);
        Assert.Equal(IncidentRanking.FullText, found.Ranking);
        Assert.Equal(found.Matches.OrderByDescending(m => m.Score).Select(m => m.Score), found.Matches.Select(m => m.Score));
        Assert.All(found.Matches, m => Assert.True(m.Score > 0));
        return [.. found.Matches.Select(m => m.Incident.SignalCluster)];
    }

    /// <summary>Puts rows past the library into the table, because recording so many would take long.</summary>
    protected static async Task FillAsync(TestDatabase database, int count, Func<int, string> signal)
    {
        var now = database.Kind == DatabaseKind.Sqlite ? "0" : "now()";
        foreach (var batch in Enumerable.Range(0, count).Chunk(1_000))
        {
            var rows = batch.Select(i =>
            {
                var (text, id) = (signal(i), Guid.CreateVersion7());
                var terms = IncidentTerms.Of(text);
                return $"('{id}', '{terms}', {terms.Length}, 0.5, 'completed', {now}, {now}, '{id}', '{text}')";
            });
            await database.ExecuteAsync(
                "INSERT INTO agent_incidents (id, search_terms, search_length, confidence, outcome, created_at, updated_at, write_id, signal_cluster) "
                + $"VALUES {string.Join(", ", rows)}");
        }
    }
}
