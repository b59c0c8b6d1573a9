using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Interactions;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Interactions, one each second: ten of a session, twenty intents, and one in ten was escalated.</summary>
internal static class InteractionGrowth
{
    private const int InteractionsOfSession = 10;
    private const int InteractionsOfEscalation = 10;
    private const int Measured = 1_000;

    public static GrowingTable Table { get; } = new("interactions", FillAsync,
    [
        Log(callers: 1),
        Log(callers: 64),
        Calling("find", (log, rows) => log.FindAsync(AnyId(rows))),
        Calling("by session, 10", (log, rows) => log.QueryAsync(
            new InteractionQuery { SessionId = Numbered.Hex(Numbered.Any(rows / InteractionsOfSession)) })),
        Querying("by mode", new InteractionQuery { AssistantMode = AssistantMode.Banker }),
        Querying("by intent", new InteractionQuery { IntentName = "intent-7" }),
        Querying("by category", new InteractionQuery { IntentCategory = IntentCategory.Sensitive }),
        Querying("by outcome", new InteractionQuery { Outcome = InteractionOutcome.Escalated }),
        Querying("newest", new InteractionQuery()),
        Measure("metrics of 1,000", new InteractionMetricsQuery()),
        Measure("metrics of a mode", new InteractionMetricsQuery { AssistantMode = AssistantMode.Customer }),
        Calling("escalations of one", (log, rows) => log.QueryEscalationsAsync(new EscalationQuery { InteractionId = AnyEscalated(rows) })),
        Calling("escalations by trigger", (log, _) => log.QueryEscalationsAsync(new EscalationQuery { TriggerType = "low_confidence" })),
        Calling("newest escalations", (log, _) => log.QueryEscalationsAsync(new EscalationQuery())),
        Calling("escalate", (log, rows) => log.EscalateAsync(
            AnyId(rows), new NewEscalation { TriggerType = "human_only", EscalationReason = "asked for a person" })) with { Adds = true },
    ]);

    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        await databases.ExecuteAsync(connectionString, $$$"""
            INSERT INTO agent_interactions (
                id, timestamp, assistant_mode, session_id, user_query, intent_name, intent_category, classification_reason,
                step_1_intent_completed, step_2_routing_decision, step_3_retrieval_performed, step_4_response_generated,
                step_5_confidence_score, step_6_escalation_triggered, outcome, confidence_score, response_text, citations,
                retrieved_chunks_count, processing_time_ms, created_at)
            SELECT {{{sql.Id("n")}}}, {{{sql.At("n")}}}, CASE WHEN n % 3 = 0 THEN 'banker' ELSE 'customer' END,
                {{{sql.Hex($"n / {InteractionsOfSession}")}}}, '{{{MessageTexts.At(0)}}}', 'intent-' || (n % 20),
                CASE WHEN n % 5 = 0 THEN 'sensitive' ELSE 'automatable' END, 'asks for a balance', true, 'retrieve', true, true,
                (n % 100) / 100.0, false, CASE WHEN n % {{{InteractionsOfEscalation}}} = 0 THEN 'escalated' ELSE 'resolved' END,
                (n % 100) / 100.0, '{{{MessageTexts.At(1)}}}', '[{"number":1,"source":"fees.pdf"}]', 4, 200 + n % 1800, {{{sql.At("n")}}}
            FROM {{{sql.Series(rows)}}}
            """);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_escalations (id, interaction_id, trigger_type, escalation_reason, created_at)
            SELECT {sql.Id("n")}, {sql.Id($"n * {InteractionsOfEscalation}")},
                CASE WHEN n % 2 = 0 THEN 'low_confidence' ELSE 'human_only' END,
                'asked for a person', {sql.At($"n * {InteractionsOfEscalation}")}
            FROM {sql.Series(rows / InteractionsOfEscalation)}
            """);
    }

    private static Operation Log(int callers) => Calling("log", (log, _) => log.LogAsync(New())) with { Callers = callers, Adds = true };

    private static Operation Measure(string name, InteractionMetricsQuery query) => Calling(name, (log, rows) => log.GetMetricsAsync(
        query with { From = Numbered.Time(rows - Measured), To = Numbered.Time(rows), Interval = InteractionInterval.Hour }));

    private static Operation Querying(string name, InteractionQuery query) => Calling(name, (log, _) => log.QueryAsync(query));

    private static Operation Calling(string name, Func<IInteractionLog, long, Task> call) => Operation.On(name, call);

    private static NewInteraction New() => new()
    {
        AssistantMode = AssistantMode.Customer,
        SessionId = Guid.NewGuid().ToString("N"),
        UserQuery = MessageTexts.At(0),
        IntentName = "intent-7",
        IntentCategory = IntentCategory.Automatable,
        Outcome = InteractionOutcome.Resolved,
        ConfidenceScore = 0.9,
        ResponseText = MessageTexts.At(1),
        ProcessingTimeMs = 700,
    };

    private static Guid AnyId(long rows) => Numbered.Id(Numbered.Any(rows));

    private static Guid AnyEscalated(long rows) =>
        Numbered.Id(Numbered.Any(rows / InteractionsOfEscalation) * InteractionsOfEscalation);
}
