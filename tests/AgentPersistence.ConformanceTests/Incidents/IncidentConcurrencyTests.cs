using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;
using AgentPersistence.TestHost.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class IncidentConcurrencyTests(TestDatabases databases) : IncidentTests(databases)
{
    [Fact]
    public async Task Of_many_that_record_one_id_at_once_one_does()
    {
        await using var other = new Agent(Database);
        var incident = Seen(NewId("signal")) with { Id = Guid.CreateVersion7() };

        var receipts = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            i => Task.Run(() => (i % 2 == 0 ? Agent : other).Incidents.RecordAsync(incident, Cancellation), Cancellation)));

        Assert.Single(receipts, r => !r.AlreadyRecorded);
        Assert.All(receipts, r => Assert.Equal(incident.Id, r.Id));
        Assert.Single(await Incidents.GetConfidenceHistoryAsync(incident.SignalCluster, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Of_many_that_close_one_incident_at_once_one_does()
    {
        await using var other = new Agent(Database);
        var id = (await Incidents.RecordAsync(Seen("x"), Cancellation)).Id;

        var closed = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    return await (i % 2 == 0 ? Agent : other).Incidents.UpdateOutcomeAsync(
                        id, i % 3 == 0 ? IncidentOutcome.Completed : IncidentOutcome.Failed, Json($"[{i}]"), Cancellation);
                }
                catch (IncidentClosedException)
                {
                    return null;
                }
            },
            Cancellation)));

        Assert.Equal(await Incidents.FindAsync(id, Cancellation), Assert.Single(closed, c => c is not null));
    }

    [Fact]
    public async Task Searches_beside_writers_see_whole_incidents()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var recording = Task.WhenAll(IncidentLines.Make(perKind: 20).Select(l => agent.Incidents.RecordAsync(Seen(l.Line), Cancellation)));
        var searching = Task.WhenAll(Enumerable.Range(0, 40).Select(
            _ => agent.Incidents.FindSimilarAsync("ERROR connection to postgres refused", 50, cancellationToken: Cancellation)));

        await recording;

        Assert.All(await searching, s => Assert.All(s.Matches, m => Assert.NotEqual("", m.Incident.SignalCluster)));
        Assert.Equal(120, await database.CountAsync("agent_incidents"));
        Assert.Equal(120, await database.CountAsync("agent_confidence_history"));
    }
}
