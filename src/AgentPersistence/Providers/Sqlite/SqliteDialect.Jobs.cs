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

    protected override string LockedJobs(string given) => $$"""
        SELECT given.*, {Job}.{Job.Status} AS now
        FROM {{given}} JOIN {Job} ON {Job}.{Job.Id} = given.job AND {Job}.{Job.Token} = given.claim
        """;
}
