using AgentPersistence.Benchmarks.Databases;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>By hand: the row of one job; nobody is told of it.</summary>
internal static class InsertedJobs
{
    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => InsertedRows.On(
        databases, Insert, () => [Guid.CreateVersion7(), JobSamples.Mode, JobSamples.NextPayload().GetRawText()], JobTable.Count);

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
