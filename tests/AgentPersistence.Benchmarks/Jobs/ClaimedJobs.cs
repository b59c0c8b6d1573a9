using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>
/// By hand: each worker claims one job in one commit and completes it in another, with prepared statements. No lapsed lease is looked for,
/// nobody renews one, and neither priority nor time is kept.
/// </summary>
internal sealed class ClaimedJobs(
    Agent agent, string connectionString, PreparedConnections connections, int workers) : IBacklog
{
    private int _runs;

    public int Runs => _runs;

    public static BacklogCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared claim of one, then completion",
        databases,
        async (connectionString, workers) => new ClaimedJobs(
            new Agent(databases, connectionString),
            connectionString,
            await PreparedConnections.OpenAsync(connectionString, workers, Claim, Complete),
            workers));

    public Task FillAsync(int jobs) => JobTable.FillAsync(agent.Get<IJobQueue>(), jobs);

    public Task WorkAsync(int jobs) => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync)));

    public Task<long> CountLeftAsync() => JobTable.CountLeftAsync(connectionString);

    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync();
        await agent.DisposeAsync();
    }

    private async Task WorkAsync()
    {
        var commands = await connections.TakeAsync();
        while (true)
        {
            var token = Guid.CreateVersion7();
            commands[0].Fill(JobSamples.Mode, token);
            if (await commands[0].ExecuteScalarAsync() is not Guid id)
            {
                break;
            }

            Interlocked.Increment(ref _runs);
            commands[1].Fill(id, token);
            await commands[1].ExecuteNonQueryAsync();
        }

        connections.PutBack(commands);
    }

    private static NpgsqlCommand Claim() => PreparedConnections.Command(
        """
        UPDATE agent_reactive_jobs
        SET status = 'running', attempts = attempts + 1, token = $2, epoch = epoch + 1,
            lease_until = clock_timestamp() + interval '1 minute', started_at = clock_timestamp()
        WHERE id = (
            SELECT id FROM agent_reactive_jobs
            WHERE status = 'queued' AND mode = $1 AND priority = 0 AND run_at <= now()
            ORDER BY run_at, id LIMIT 1
            FOR UPDATE SKIP LOCKED)
        RETURNING id, payload_json
        """,
        NpgsqlDbType.Text,
        NpgsqlDbType.Uuid);

    private static NpgsqlCommand Complete() => PreparedConnections.Command(
        """
        UPDATE agent_reactive_jobs SET status = 'done', finished_at = clock_timestamp(), lease_until = NULL
        WHERE id = $1 AND token = $2 AND status = 'running'
        """,
        NpgsqlDbType.Uuid,
        NpgsqlDbType.Uuid);
}
