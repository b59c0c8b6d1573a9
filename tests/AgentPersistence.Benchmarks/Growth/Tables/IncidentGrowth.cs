using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Incidents;
using AgentPersistence.Incidents.Storage;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>
/// Incidents of 200 kinds, one each second, each with a number that few have alike; a hundred are still open. Beside each a row of the
/// history of confidences.
/// </summary>
internal static class IncidentGrowth
{
    private const int Kinds = 200;
    private const int Numbers = 997;
    private const int Open = 100;
    private const int Page = 20;
    private const int Summed = 1_000;
    private const int AllDays = 3_650;

    private static readonly string[] Services =
        ["payment", "ledger", "card", "login", "transfer", "webhook", "refund", "invoice", "search", "mail"];


    private static readonly string[] Faults = ["timeout", "invalid_callback", "refused", "missing_field", "bad_signature"];
    private static readonly string[] Severities = ["low", "medium", "high", "critical"];

    public static GrowingTable Table { get; } = new("incidents", FillAsync,
    [
        Calling("find", (memory, rows) => memory.FindAsync(Numbered.Id(Numbered.Any(rows)))),
        Calling("similar, 5", (memory, rows) => memory.FindSimilarAsync(Signal(Numbered.Any(rows)))),
        Calling("similar to a code, 5", (memory, rows) => memory.FindSimilarAsync(Code(Numbered.Any(Kinds)))),
        Calling("recent, 10", (memory, _) => memory.GetRecentAsync()),
        Calling("by root cause, 20", (memory, _) => memory.QueryAsync(
            new IncidentQuery { RootCause = Cause(Numbered.Any(Kinds)), Limit = Page })),
        Calling($"open, {Open}", (memory, _) => memory.QueryAsync(new IncidentQuery { Outcome = IncidentOutcome.Pending })),
        Calling("confidences of a signal, 20", (memory, _) => memory.GetConfidenceHistoryAsync(
            Pattern(Numbered.Any(Kinds)), AllDays, limit: Page)),
        Calling("newest confidences, 20", (memory, _) => memory.GetConfidenceHistoryAsync(days: AllDays, limit: Page)),
        Calling($"success rates of {Summed:N0}", (memory, rows) => memory.GetSuccessRatesByRootCauseAsync(Numbered.Time(rows - Summed))),
        Calling("record", (memory, rows) => memory.RecordAsync(New(rows))) with { Adds = true },
        Calling("record and update", async (memory, rows) => await memory.UpdateOutcomeAsync(
            (await memory.RecordAsync(New(rows))).Id, IncidentOutcome.Completed)) with { Adds = true },
        Calling("append a confidence", (memory, _) => memory.AppendConfidenceAsync(
            new NewConfidence { SignalCluster = Pattern(Numbered.Any(Kinds)), Confidence = 0.8 })) with { Adds = true },
    ]);

    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        var kinds = string.Join(", ", Enumerable.Range(0, Kinds).Select(kind =>
        {
            var (pattern, terms) = (Pattern(kind), IncidentTerms.Of(Pattern(kind)));
            return $"({kind}, '{pattern}', '{terms}', {terms.Length}, '{Cause(kind)}', {sql.Bytes(ConfidenceRows.Hash(pattern))})";
        }));
        var from = $"""
            (VALUES {kinds}) AS kinds JOIN {sql.Series(rows)} ON kinds.column1 = n % {Kinds}
            """;
        await databases.ExecuteAsync(connectionString, $$$"""
            INSERT INTO agent_incidents (
                id, search_terms, search_length, confidence, outcome, root_cause, created_at, updated_at, write_id, signal_cluster,
                action_taken)
            SELECT {{{sql.Id("n")}}}, column3 || ' ' || (n % {{{Numbers}}}), column4 + 1, 0.8,
                CASE WHEN n % {{{rows / Open}}} = 1 THEN 'pending' ELSE 'completed' END, column5, {{{sql.At("n")}}}, {{{sql.At("n")}}},
                {{{sql.Id("n")}}}, column2 || ' ' || (n % {{{Numbers}}}), '[{"type":"engineering_escalation","success":true}]'
            FROM {{{from}}} ORDER BY n
            """);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_confidence_history (id, signal_cluster, signal_hash, confidence, cause, incident_id, recorded_at)
            SELECT {sql.Id("n")}, column2, column6, 0.8, 'recorded', {sql.Id("n")}, {sql.At("n")} FROM {from} ORDER BY n
            """);
    }

    private static Operation Calling(string name, Func<IIncidentMemory, long, Task> call) => Operation.On(name, call);

    private static NewIncident New(long rows)
    {
        var number = Numbered.Any(rows);
        return new() { SignalCluster = Signal(number), RootCause = Cause(number % Kinds), Confidence = 0.8 };
    }

    private static string Signal(long number) => $"{Pattern(number % Kinds)} {number % Numbers}";

    private static string Pattern(long kind) =>
        $"error_cluster | Severity: {Severities[kind / 50]} | Error: {Code(kind)} | Merchants:";

    private static string Code(long kind) => $"{Services[kind % 10]}_{Faults[kind / 10 % 5]}".ToUpperInvariant();

    private static string Cause(long kind) => $"cause {kind}";
}
