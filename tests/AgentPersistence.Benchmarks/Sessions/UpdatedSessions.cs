using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Sessions;

/// <summary>By hand: a prepared UPDATE … RETURNING with the same columns and conditions; the state is not read back.</summary>
internal sealed class UpdatedSessions(string connectionString, PreparedConnections connections, int callers) : IWork
{
    private readonly long[] _versions = [.. Enumerable.Repeat(1L, callers)];

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared UPDATE … RETURNING",
        databases,
        async (connectionString, callers) =>
        {
            await SessionStates.CreateAsync(databases, connectionString, callers);
            return new UpdatedSessions(connectionString, await PreparedConnections.OpenAsync(connectionString, callers, Update), callers);
        });

    public async Task<int> RunAsync(int caller)
    {
        var commands = await connections.TakeAsync();
        var parameters = commands[0].Parameters;
        parameters[0].Value = SessionStates.At(caller, _versions[caller]).GetRawText();
        parameters[1].Value = "book_flight";
        parameters[2].Value = Guid.CreateVersion7();
        parameters[3].Value = SessionStates.Id(caller);
        parameters[4].Value = _versions[caller];
        await using (var reader = await commands[0].ExecuteReaderAsync())
        {
            _versions[caller] = await reader.ReadAsync()
                ? reader.GetInt64(0)
                : throw new InvalidOperationException("Another caller has saved it.");
        }

        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() => SessionStates.CountAsync(connectionString);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Update() => new("""
        UPDATE agent_sessions
        SET state = $1, current_intent = $2, version = version + 1, last_activity = clock_timestamp(),
            expires_at = clock_timestamp() + time_to_live * interval '1 microsecond', write_id = $3
        WHERE id = $4 AND status = 'active' AND (expires_at IS NULL OR expires_at > clock_timestamp()) AND version = $5
        RETURNING version, last_activity, expires_at
        """)
    {
        Parameters =
        {
            new() { NpgsqlDbType = NpgsqlDbType.Json },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Bigint },
        },
    };
}
