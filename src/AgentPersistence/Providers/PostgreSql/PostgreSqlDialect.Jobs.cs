namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    protected override string KeepFromChange => "FOR SHARE";

    protected override string Modes => "unnest(@modes) AS asked(mode)";

    // The time is asked for by a sub-select of its own, because a function that changes cannot end a range of an index.
    protected override string DueJobs(string limit, string locking) => $$"""
        SELECT job.id AS job, job.priority, job.run_at
        FROM lane CROSS JOIN LATERAL (
            SELECT {Job.Id} AS id, {Job.Priority} AS priority, {Job.RunAt} AS run_at
            FROM {Job}
            WHERE {Job.Status} = 'queued' AND {Job.Mode} = lane.work
                AND {Job.Priority} = lane.rank AND {Job.RunAt} <= (SELECT {{Clock}})
            ORDER BY {Job.RunAt}, {Job.Id} LIMIT {{limit}}
            {{locking}}) AS job
        """;

    // Differs because each claim has to be looked up by its id, however few jobs the statistics know: the status is left to the statement,
    // or the index of the running jobs, which were none when somebody counted, would be read once for each claim. So a late
    // settlement locks a job that is queued again, for as long as it takes to see that.
    protected override string LockedJobs(string given) => $$"""
        SELECT given.*, job.place, job.now
        FROM {{given}} CROSS JOIN LATERAL (
            SELECT {{RowPlace("{Job}")}} AS place, {Job.Status} AS now FROM {Job}
            WHERE {Job.Id} = given.job AND {Job.Token} = given.claim
            {{SkipLocked("{Job}")}}) AS job
        """;
}
