using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Idempotency;

/// <summary>By hand: a prepared INSERT … ON CONFLICT DO NOTHING claims the key, and a prepared UPDATE stores the result.</summary>
internal sealed class TwoRoundTrips(string connectionString, PreparedConnections connections) : IWork
{
    private long _next;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared INSERT, then UPDATE",
        databases,
        async (connectionString, callers) =>
            new TwoRoundTrips(connectionString, await PreparedConnections.OpenAsync(connectionString, callers, Claim, Complete)));

    public async Task<int> RunAsync(int caller)
    {
        var commands = await connections.TakeAsync();
        var (key, token) = (IdempotencyKeys.Key(Interlocked.Increment(ref _next)), Guid.CreateVersion7());
        (commands[0].Parameters[0].Value, commands[0].Parameters[1].Value) = (key, token);
        if (await commands[0].ExecuteNonQueryAsync() == 1)
        {
            commands[1].Parameters[0].Value = IdempotencyKeys.Result.GetRawText();
            (commands[1].Parameters[1].Value, commands[1].Parameters[2].Value) = (key, token);
            await commands[1].ExecuteNonQueryAsync();
        }

        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() => IdempotencyKeys.CountAsync(connectionString);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Claim() => new("""
        INSERT INTO agent_idempotency_cache (
            scope, idempotency_key, user_id, state, token, epoch, is_takeover, on_crash, lease, lease_until, time_to_live, created_at,
            expires_at)
        VALUES ('', $1, 'mia', 'in_progress', $2, 1, false, 'retry', 60000000, clock_timestamp() + interval '1 minute', 86400000000,
            clock_timestamp(), clock_timestamp() + interval '1 day')
        ON CONFLICT (scope, idempotency_key) DO NOTHING
        """)
    {
        Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Text }, new() { NpgsqlDbType = NpgsqlDbType.Uuid } },
    };

    private static NpgsqlCommand Complete() => new("""
        UPDATE agent_idempotency_cache
        SET state = 'completed', result_data = $1, lease_until = NULL, expires_at = clock_timestamp() + interval '1 day'
        WHERE scope = '' AND idempotency_key = $2 AND token = $3 AND state = 'in_progress'
        """)
    {
        Parameters =
        {
            new() { NpgsqlDbType = NpgsqlDbType.Json },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Uuid },
        },
    };
}
