using System.Diagnostics;
using System.Globalization;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.ConformanceTests.Interactions;

/// <summary>
/// How the databases read a log that has grown: metrics come from their index alone, pages from theirs. Set
/// <c>AGENT_PERSISTENCE_INTERACTIONS</c> to load another number of interactions (1000000, say); it then tells rates and plans too.
/// </summary>
public abstract class InteractionPlanTests(TestDatabases databases) : InteractionTests(databases)
{
    private const int Writers = 512;
    private const string Table = "agent_interactions";
    private const string MetricsIndex = "ix_agent_interactions_metrics";

    private static readonly string? AskedCount = Environment.GetEnvironmentVariable("AGENT_PERSISTENCE_INTERACTIONS");
    private static readonly int Count = int.Parse(AskedCount ?? "30000", CultureInfo.InvariantCulture);

    private static DateTimeOffset Middle => Start.AddMinutes(Count / 2);

    [Fact]
    public async Task Metrics_and_pages_are_read_from_their_indexes()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await LoadAsync(database, agent);
        var isSqlite = database.Kind == DatabaseKind.Sqlite;

        (string What, InteractionMetricsQuery Query)[] measured =
        [
            ("all", new()),
            ("a mode", new() { AssistantMode = AssistantMode.Banker }),
            ("a tenth of the time", new() { From = Middle, To = Middle.AddMinutes(Count / 10), Interval = InteractionInterval.Hour }),
            ("a mode in a tenth of the time", new() { AssistantMode = AssistantMode.Customer, From = Middle, To = Middle.AddMinutes(Count / 10) }),
            ("a mode in a day", new() { AssistantMode = AssistantMode.Customer, From = Middle, To = Middle.AddDays(1) }),
        ];
        foreach (var (what, query) in measured)
        {
            await ReportRateAsync(agent, what, query);
            var plan = await ExplainAsync(database, agent, unit => unit.Dialect.MeasureInteractions(query));
            Assert.True(IsSought(plan, $"{(isSqlite ? "COVERING INDEX" : "Index Only Scan using")} {MetricsIndex}"), $"{what}:\n{plan}");
        }

        (string Index, InteractionQuery Query)[] pages =
        [
            ($"ix_{Table}_timestamp_id", new()),
            ($"ix_{Table}_intent_name_timestamp_id", new() { IntentName = "intent 7" }),

            // One of few modes or outcomes is soon found by time as well.
            ($"ix_{Table}_", new() { AssistantMode = AssistantMode.Banker }),
            ($"ix_{Table}_", new() { Outcome = InteractionOutcome.Escalated }),
            ($"ix_{Table}_session_id_timestamp_id", new() { SessionId = "session 7" }),
        ];
        foreach (var (index, query) in pages)
        {
            var plan = await ExplainAsync(database, agent, unit => unit.Dialect.QueryInteractions(query));
            Assert.True(IsSought(plan, index), $"{index}:\n{plan}");
        }
    }

    private static bool IsSought(string plan, string index) =>
        plan.Contains(index, StringComparison.Ordinal)
        && !plan.Contains($"Seq Scan on {Table}", StringComparison.Ordinal)
        && !plan.Split('\n').Any(
            line => line.StartsWith($"SCAN {Table}", StringComparison.Ordinal) && !line.Contains(index, StringComparison.Ordinal));

    private static async Task ReportRateAsync(Agent agent, string what, InteractionMetricsQuery query)
    {
        var metrics = await agent.Interactions.GetMetricsAsync(query, Cancellation);
        var (rounds, started) = (3, Stopwatch.GetTimestamp());
        for (var i = 0; i < rounds; i++)
        {
            Assert.Equal(metrics.Totals, (await agent.Interactions.GetMetricsAsync(query, Cancellation)).Totals);
        }

        var elapsed = Stopwatch.GetElapsedTime(started) / rounds;
        Report($"GetMetrics of {what}: {metrics.Totals.Total} of {Count} interactions in {elapsed.TotalMilliseconds:0} ms");
    }

    private static async Task<string> ExplainAsync(TestDatabase database, Agent agent, Func<UnitOfWork, SqlStatement> statement)
    {
        var isSqlite = database.Kind == DatabaseKind.Sqlite;
        var explain = isSqlite ? "EXPLAIN QUERY PLAN" : "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF)";
        var lines = await agent.Get<OwnConnectionExecutor>().ReadAsync(
            (unit, ct) => unit.Command(new SqlStatement($"{explain} {statement(unit).Text}", TakesNow: false))
                .Text("mode", "customer").Text("intent", "intent 7").Text("outcome", "escalated").Text("session_id", "session 7")
                .Time("from", Middle).Time("to", Middle.AddDays(1)).Number("limit", 100)
                .ReadAllAsync(row => row.Text(isSqlite ? 3 : 0), ct),
            Cancellation);
        var plan = string.Join('\n', lines);
        Report(plan);
        return plan;
    }

    private static void Report(string message)
    {
        if (AskedCount is not null)
        {
            TestContext.Current.SendDiagnosticMessage(message);
        }
    }

    /// <summary>One caller for each interaction, many at a time; a fifth is escalated.</summary>
    private static async Task LoadAsync(TestDatabase database, Agent agent)
    {
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < Count)
            {
                await agent.Interactions.LogAsync(Loaded(i), Cancellation);
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(started);
        Report($"{Count} interactions logged by {Writers} callers in {elapsed.TotalSeconds:0.0} s, {Count / elapsed.TotalSeconds:0} a second");

        await database.ExecuteAsync(
            "INSERT INTO agent_escalations (id, interaction_id, trigger_type, escalation_reason, created_at) "
            + "SELECT id, id, 'trigger ' || (processing_time_ms % 4), 'r', created_at FROM agent_interactions WHERE outcome = 'escalated'");
        if (database.Kind == DatabaseKind.PostgreSql)
        {
            // What autovacuum does in time: an index alone can be read once its pages are known to be visible to all.
            await database.ExecuteAsync("VACUUM (ANALYZE) agent_interactions");
            await database.ExecuteAsync("VACUUM (ANALYZE) agent_escalations");
        }
    }

    private static NewInteraction Loaded(int i)
    {
        var random = new Random(i);
        var isEscalated = random.Next(5) == 0;
        return new NewInteraction
        {
            Timestamp = Start.AddMinutes(i),
            AssistantMode = random.Next(3) == 0 ? AssistantMode.Banker : AssistantMode.Customer,
            SessionId = $"session {i / 8}",
            UserQuery = new string('q', 80),
            IntentName = $"intent {random.Next(40)}",
            IntentCategory = (IntentCategory)random.Next(3),
            Steps = new InteractionSteps { IntentCompleted = true, RoutingDecision = "answer", ResponseGenerated = true },
            Outcome = isEscalated ? InteractionOutcome.Escalated : InteractionOutcome.Resolved,
            ConfidenceScore = random.NextDouble(),
            ResponseText = new string('a', 400),
            RetrievedChunksCount = 5,
            ProcessingTimeMs = (int)(10 * Math.Exp(random.NextDouble() * 8)),
        };
    }
}
