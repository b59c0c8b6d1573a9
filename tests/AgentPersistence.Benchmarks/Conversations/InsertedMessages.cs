using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Conversations;

/// <summary>
/// By hand: a prepared INSERT of one row, each its own commit. The numbers within a thread come from the program, which is faster than
/// anything that several processes could do, and the thread's head is not kept.
/// </summary>
internal sealed class InsertedMessages(string connectionString, PreparedConnections connections, Guid[] threads) : IWork
{
    private static readonly byte[] ContentHash = new byte[32];
    private long _next;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared INSERT, one row",
        databases,
        async (connectionString, callers) =>
        {
            await using var agent = new Agent(databases, connectionString);
            var threads = await MessageThreads.CreateAsync(agent);
            return new InsertedMessages(connectionString, await PreparedConnections.OpenAsync(connectionString, callers, Insert), threads);
        });

    public async Task<int> RunAsync(int caller)
    {
        var number = Interlocked.Increment(ref _next);
        var commands = await connections.TakeAsync();
        var parameters = commands[0].Parameters;
        parameters[0].Value = Guid.CreateVersion7();
        parameters[1].Value = threads[number % threads.Length];
        parameters[2].Value = (number / threads.Length) + 1;
        parameters[3].Value = number % 2 == 0 ? "user" : "assistant";
        parameters[4].Value = MessageTexts.At(number);
        parameters[5].Value = "mia";
        parameters[6].Value = number.ToString(CultureInfo.InvariantCulture);
        parameters[7].Value = DBNull.Value;
        parameters[8].Value = ContentHash;
        parameters[9].Value = DateTime.UtcNow;
        await commands[0].ExecuteNonQueryAsync();
        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() =>
        PostgreSqlDatabases.ScalarAsync<long>(connectionString, "SELECT count(*) FROM agent_chat_messages");

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Insert() => new("""
        INSERT INTO agent_chat_messages (
            id, thread_id, sequence, role, text, author_user_id, platform_message_id, raw_payload, content_hash, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """)
    {
        Parameters =
        {
            new() { NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Text },
            new() { NpgsqlDbType = NpgsqlDbType.Json },
            new() { NpgsqlDbType = NpgsqlDbType.Bytea },
            new() { NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };
}
