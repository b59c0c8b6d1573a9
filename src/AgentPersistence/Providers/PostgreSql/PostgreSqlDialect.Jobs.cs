using System.Data.Common;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override int JobPlanResults => 1;

    // Differs because plans are kept with the connection: one made while the queue was empty would read all of it when it is full.
    // A kept plan takes every limit for a share of the table: beside a long queue it would be compiled anew for each claim.
    protected override string KeptJobPlan => """
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

    public override void AddGiven<TRow>(DbCommand command, BulkInsert<TRow> columns, IReadOnlyList<TRow> rows) => AddArrays(command, columns, rows);

    protected override string Given<TRow>(BulkInsert<TRow> columns) =>
        $"unnest({string.Join(", ", columns.Columns.Select((_, i) => $"@c{i}"))}) AS given({string.Join(", ", columns.Columns.Select(c => c.Property))})";
}
