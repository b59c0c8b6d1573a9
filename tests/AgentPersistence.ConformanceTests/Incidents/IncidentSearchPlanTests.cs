using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.TestHost.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

/// <summary>Which index a search uses, before the database has statistics and after, and what it asks for.</summary>
public abstract class IncidentSearchPlanTests(TestDatabases databases) : IncidentTests(databases)
{
    private const string Signal = "KubePodNotReady: pod checkout on node-7 refused";

    [Fact]
    public async Task The_full_text_index_names_the_rows_and_no_table_is_read_through()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var random = new Random(1);
        await FillAsync(database, 20_000, _ => IncidentLines.Any(random));
        var (explain, index) = database.Kind == DatabaseKind.Sqlite
            ? ("EXPLAIN QUERY PLAN ", "agent_incidents_search VIRTUAL TABLE INDEX")
            : ("EXPLAIN ", "Bitmap Index Scan on ix_agent_incidents_search");
        foreach (var analyzed in new[] { false, true })
        {
            if (analyzed)
            {
                await database.ExecuteAsync("ANALYZE agent_incidents");
            }

            foreach (var (what, plan) in await IncidentPlans.ExplainAsync(agent.Get<OwnConnectionExecutor>(), Signal, explain))
            {
                Assert.True(what == "sample" || plan.Contains(index, StringComparison.Ordinal), $"{what}:\n{plan}");
                Assert.False(plan.Contains("Seq Scan on agent_incidents", StringComparison.Ordinal), $"{what}:\n{plan}");
                Assert.False(plan.Contains("AUTOMATIC", StringComparison.Ordinal), $"{what}:\n{plan}");
            }
        }
    }

    [Fact]
    public async Task Words_that_incidents_in_turns_have_are_known_to_be_common()
    {
        string[] kinds = ["alpha", "beta", "gamma", "delta"];
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await FillAsync(database, 4_000, n => kinds[n % kinds.Length]);
        foreach (var kind in kinds)
        {
            var search = await new IncidentFullText(agent.Get<OwnConnectionExecutor>()).PrepareAsync(kind, limit: 5, default);
            Assert.NotNull(search);
            Assert.Equal([], search.RareTerms.Concat(search.CommonWords));
            Assert.Null(search.RarestCommonTerm);
        }
    }
}
