using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Interactions;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Interactions;

/// <summary>By hand: the row of one interaction.</summary>
internal static class InsertedInteractions
{
    public const string Count = "SELECT count(*) FROM agent_interactions";

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean,
        NpgsqlDbType.Double, NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Double, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Json, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.TimestampTz,
    ];

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => InsertedRows.On(databases, Insert, Next, Count);

    private static object?[] Next()
    {
        var (given, now) = (InteractionSamples.Next(), DateTime.UtcNow);
        return
        [
            Guid.CreateVersion7(), now, EnumText<AssistantMode>.From(given.AssistantMode), given.SessionId, given.UserQuery,
            given.IntentName, EnumText<IntentCategory>.From(given.IntentCategory!.Value), given.ClassificationReason, given.Steps.IntentCompleted,
            given.Steps.RoutingDecision, given.Steps.RetrievalPerformed, given.Steps.ResponseGenerated, given.Steps.ConfidenceScore,
            given.Steps.EscalationTriggered, EnumText<InteractionOutcome>.From(given.Outcome), given.ConfidenceScore,
            given.EscalationReason, given.ResponseText, given.Citations?.GetRawText(), given.RetrievedChunksCount, given.ProcessingTimeMs, now,
        ];
    }

    private static NpgsqlCommand Insert() => PreparedConnections.Command(
        """
        INSERT INTO agent_interactions (
            id, timestamp, assistant_mode, session_id, user_query, intent_name, intent_category, classification_reason,
            step_1_intent_completed, step_2_routing_decision, step_3_retrieval_performed, step_4_response_generated,
            step_5_confidence_score, step_6_escalation_triggered, outcome, confidence_score, escalation_reason, response_text, citations,
            retrieved_chunks_count, processing_time_ms, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """,
        Types);
}
