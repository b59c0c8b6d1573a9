using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    protected override string KeepFromChange => "";

    protected override string Modes => "(SELECT value AS mode FROM json_each(@modes)) AS asked";

    // Differs because SQLite has no LATERAL; its CROSS JOIN keeps the lanes first.
    protected override string DueJobs(string limit, string locking) => $$"""
        SELECT {Job.Id} AS job, {Job}.{Job.Priority} AS priority, {Job.RunAt} AS run_at
        FROM lane CROSS JOIN {Job} WHERE {Job.Id} IN (
            SELECT job.{Job.Id} FROM {Job} AS job
            WHERE job.{Job.Status} = 'queued' AND job.{Job.Mode} = lane.work
                AND job.{Job.Priority} = lane.rank AND job.{Job.RunAt} <= @now
            ORDER BY job.{Job.RunAt}, job.{Job.Id} LIMIT {{limit}})
        """;

    // Differs because SQLite reads a partial index only where its very condition is asked for, and keeps no statistics: it would look for the
    // few jobs that are queued or running among all there ever were, from the newest on.
    public override SqlStatement QueryJobs(JobQuery query) => query.Status switch
    {
        JobStatus.Failed or JobStatus.Canceled =>
            Statement(JobsThat(query, $"{IsInStatus(query)} AND {{Job.Status}} IN ('failed', 'canceled')")),
        JobStatus.Queued when IsOfAll(query) => JobsByIndexIfFew(query, "ix_agent_reactive_jobs_mode_priority_run_at_id"),
        JobStatus.Running when IsOfAll(query) => JobsByIndexIfFew(query, "ix_agent_reactive_jobs_mode_lease_until"),
        _ => base.QueryJobs(query),
    };

    protected override string LockedJobs(string given) => $$"""
        SELECT given.*, {{RowPlace("{Job}")}} AS place, {Job}.{Job.Status} AS now
        FROM {{given}} JOIN {Job} ON {Job}.{Job.Id} = given.job AND {Job}.{Job.Token} = given.claim
        """;

    // A thread, a message and an approval each have few jobs, and an index.
    private static bool IsOfAll(JobQuery query) => query is { ThreadId: null, TriggerMessageId: null, WaitingFor: null };

    private SqlStatement JobsByIndexIfFew(JobQuery query, string index)
    {
        var sought = IsInStatus(query) + (query.Mode is null ? "" : " AND {Job.Mode} = @mode");
        return Statement(InHalves(
            ByIndexIfFew("Job", index, sought, (condition, limit) => JobsThat(query, condition, limit)), "{Job.*}", "{Job.Id} DESC"));
    }
}
