using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Idempotency;

/// <summary>By hand: a prepared SELECT of the stored result.</summary>
internal sealed class OneRoundTrip(PreparedConnections connections) : IWork
{
    private long _next;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared SELECT",
        databases,
        async (connectionString, callers) =>
        {
            await Replays.CompleteAsync(databases, connectionString);
            return new OneRoundTrip(await PreparedConnections.OpenAsync(connectionString, callers, Select));
        });

    public async Task<int> RunAsync(int caller)
    {
        var commands = await connections.TakeAsync();
        commands[0].Parameters[0].Value = IdempotencyKeys.Key(Interlocked.Increment(ref _next) % IdempotencyKeys.Replayed);
        await using (var reader = await commands[0].ExecuteReaderAsync())
        {
            _ = await reader.ReadAsync() ? reader.GetString(0) : throw new InvalidOperationException("No result is stored.");
        }

        connections.PutBack(commands);
        return 1;
    }

    // Nothing is stored; that a result is read is checked by each call.
    public Task<long> CountStoredAsync() => Task.FromResult(Interlocked.Read(ref _next));

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Select() => new("""
        SELECT result_data FROM agent_idempotency_cache
        WHERE scope = '' AND idempotency_key = $1 AND user_id = 'mia' AND state = 'completed' AND expires_at > clock_timestamp()
        """)
    {
        Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Text } },
    };
}
