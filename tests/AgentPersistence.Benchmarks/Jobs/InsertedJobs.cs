using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>By hand: a prepared INSERT of one row, each its own commit; nobody is told of it.</summary>
internal sealed class InsertedJobs(string connectionString, PreparedConnections connections) : IWork
{
    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared INSERT, one row",
        databases,
        async (connectionString, callers) =>
            new InsertedJobs(connectionString, await PreparedConnections.OpenAsync(connectionString, callers, Insert)));

    public async Task<int> RunAsync(int caller)
    {
        var commands = await connections.TakeAsync();
        commands[0].Fill(Guid.CreateVersion7(), JobSamples.Mode, JobSamples.NextPayload().GetRawText());
        await commands[0].ExecuteNonQueryAsync();
        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, JobTable.Count);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Insert() => PreparedConnections.Command(
        """
        INSERT INTO agent_reactive_jobs (
            id, mode, status, payload_json, priority, run_at, attempts, max_attempts, epoch, cancel_requested, created_at)
        VALUES ($1, $2, 'queued', $3, 0, clock_timestamp(), 0, 1, 0, false, clock_timestamp())
        """,
        NpgsqlDbType.Uuid,
        NpgsqlDbType.Text,
        NpgsqlDbType.Json);
}
