using AgentPersistence.Benchmarks.Databases;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Tokens;

/// <summary>By hand: the row of one model call.</summary>
internal static class InsertedTokens
{
    public const string Count = "SELECT count(*) FROM agent_token_ledger";

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Integer, NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint,
        NpgsqlDbType.Numeric, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz,
    ];

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => InsertedRows.On(databases, Insert, Next, Count);

    private static object?[] Next()
    {
        var (entry, now) = (TokenEntries.Next(), DateTime.UtcNow);
        return
        [
            Guid.CreateVersion7(), entry.Scope, entry.Provider, entry.Model, entry.RunId, entry.CallId,
            entry.Attempt, entry.ThreadId, entry.JobId, entry.UserId, entry.SessionId,
            entry.Usage.Input, entry.Usage.CacheRead, entry.Usage.CacheWrite, entry.Usage.Output, entry.Usage.Reasoning, entry.Usage.Total,
            entry.Cost, entry.Currency, now, now,
        ];
    }

    private static NpgsqlCommand Insert() => PreparedConnections.Command(
        """
        INSERT INTO agent_token_ledger (
            id, scope, provider, model, run_id, call_id, attempt, thread_id, job_id, user_id, session_id,
            tokens_input, tokens_cache_read, tokens_cache_write, tokens_output, tokens_reasoning, tokens_total,
            cost, currency, occurred_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """,
        Types);
}
