using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Jobs;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>What the library's workers and those written by hand have in common: the table.</summary>
internal static class JobTable
{
    public const string Count = "SELECT count(*) FROM agent_reactive_jobs";

    private const int JobsOfCommit = 1_000;

    /// <summary>How many jobs are not done; of those that are, the indexes know nothing, so this costs nothing.</summary>
    public static Task<long> CountLeftAsync(string connectionString) => PostgreSqlDatabases.ScalarAsync<long>(connectionString, """
        SELECT (SELECT count(*) FROM agent_reactive_jobs WHERE status = 'queued')
            + (SELECT count(*) FROM agent_reactive_jobs WHERE status = 'running')
            + (SELECT count(*) FROM agent_reactive_jobs WHERE status IN ('failed', 'canceled'))
        """);

    public static async Task FillAsync(IJobQueue queue, int jobs)
    {
        for (var left = jobs; left > 0; left -= JobsOfCommit)
        {
            await queue.EnqueueAsync([.. Enumerable.Range(0, Math.Min(left, JobsOfCommit)).Select(_ => JobSamples.Next())]);
        }
    }
}
