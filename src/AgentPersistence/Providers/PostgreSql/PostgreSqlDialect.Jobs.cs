using System.Data.Common;
using AgentPersistence.Internal.Sql;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override int IndexPlanResults => 1;

    // Differs because plans are kept with the connection: one made while the queue was empty would read all of it when it is full. And what
    // the planner expects of a full queue looks costly enough to compile every claim, which takes far longer than the claim.
    protected override string IndexPlan => """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true);

        """;

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
        SELECT given.*, job.now
        FROM {{given}} CROSS JOIN LATERAL (
            SELECT {Job.Status} AS now FROM {Job}
            WHERE {Job.Id} = given.job AND {Job.Token} = given.claim
            {{SkipLocked("{Job}")}}) AS job
        """;

    public override IEnumerable<DbParameter> GivenParameters<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows) =>
        columns.Select((c, i) => new NpgsqlParameter($"c{i}", BulkArrays.Type(c.Type)) { Value = BulkArrays.Of(c, rows) });

    protected override string Given<TRow>(BulkInsert<TRow> columns) =>
        $"unnest({string.Join(", ", columns.Columns.Select((_, i) => $"@c{i}"))}) AS given({string.Join(", ", columns.Columns.Select(c => c.Property))})";
}
