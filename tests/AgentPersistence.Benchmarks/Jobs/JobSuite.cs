using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Jobs.Quartz;
using AgentPersistence.Benchmarks.Peers;
using AgentPersistence.Jobs;

namespace AgentPersistence.Benchmarks.Jobs;

internal static class JobSuite
{
    // As much as graphile-worker claims at once where it is tuned.
    private const int Prefetch = 500;

    private static readonly int[] Callers = [1, 16, 64];
    private static readonly Target Ahead = Target.AtLeast(1);

    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases, PeerScripts? peers) =>
        Callers.SelectMany(callers => With(callers, databases, peers));

    private static IEnumerable<Comparison> With(int callers, PostgreSqlDatabases databases, PeerScripts? peers)
    {
        IEnumerable<Rival> Peer(string name, string script, string peer, string work) =>
            peers is null ? [] : [new(new PeerCompetitor(name, peers, script, peer, work), Ahead)];

        var enqueue = StoredByLibrary.On<IJobQueue>(databases, jobs => jobs.EnqueueAsync(JobSamples.Next()), JobTable.Count);
        yield return new("job enqueue, PostgreSQL", callers, enqueue,
        [
            new(InsertedJobs.On(databases)),
            new(ScheduledTriggers.On(databases), Ahead),
            .. Peer("pg-boss send", "pg-boss", "pg-boss", "enqueue"),
            .. Peer("graphile-worker addJob", "graphile-worker", "graphile-worker", "enqueue"),
        ]);
        yield return new("job claim + complete, PostgreSQL", callers, WorkedJobs.On(databases, prefetch: 0),
        [
            new(ClaimedJobs.On(databases)),
            new(FiredTriggers.On(databases), Ahead),
            .. Peer("pg-boss fetch and complete of one", "pg-boss", "pg-boss", "fetch1+complete1"),
            .. Peer("graphile-worker, default", "graphile-worker", "graphile-worker", "drain default"),
        ]);
        yield return new($"job claim + complete, {Prefetch} claimed ahead, PostgreSQL", callers, WorkedJobs.On(databases, Prefetch),
        [
            .. Peer("pg-boss worker, in batches", "pg-boss", "pg-boss", "work()"),
            .. Peer("graphile-worker, tuned", "graphile-worker", "graphile-worker", "drain tuned"),
        ]);
        yield return new("job enqueue, claim + complete, PostgreSQL", callers, WorkedJobs.Arriving(databases),
        [
            new(FiredTriggers.Arriving(databases), Ahead),
            .. Peer("DBOS queue", "dbos", "@dbos-inc/dbos-sdk", "queue enqueue+complete"),
            .. Peer("DBOS run of one step, no queue", "dbos", "@dbos-inc/dbos-sdk", "durable run, 1 step"),
        ]);
    }
}
