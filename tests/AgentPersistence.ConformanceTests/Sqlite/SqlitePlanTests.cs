using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs;
using AgentPersistence.Providers;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Sqlite;

/// <summary>What SQLite, which keeps no statistics, would look for among all rows there ever were.</summary>
public sealed class SqlitePlanTests(SqliteDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Approvals_that_are_to_expire_are_read_by_the_time_at_which_they_do() => Assert.Contains(
        "ix_agent_approvals_expires_at",
        await ExplainAsync(d => d.ExpireApprovals, c => c.Number("limit", 100).Id("write_id", Guid.CreateVersion7())),
        StringComparison.Ordinal);

    [Fact]
    public async Task Approvals_and_sessions_past_their_expiry_are_read_by_the_time_of_it_where_they_are_few()
    {
        var approvals = await ExplainAsync(
            d => d.QueryApprovals(new() { Status = ApprovalStatus.Expired }), c => c.Text("status", "expired").Number("limit", 100));
        var sessions = await ExplainAsync(
            d => d.QuerySessions(new() { Status = SessionStatus.Expired }), c => c.Text("status", "expired").Number("limit", 100));

        Assert.Contains("ix_agent_approvals_expires_at (expires_at<?)", approvals, StringComparison.Ordinal);
        Assert.Contains("ix_agent_sessions_expires_at (expires_at<?)", sessions, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobStatus.Queued, "ix_agent_reactive_jobs_mode_priority_run_at_id")]
    [InlineData(JobStatus.Running, "ix_agent_reactive_jobs_mode_lease_until")]
    [InlineData(JobStatus.Failed, "ix_agent_reactive_jobs_status_id")]
    [InlineData(JobStatus.Canceled, "ix_agent_reactive_jobs_status_id")]
    public async Task Jobs_in_a_rare_status_are_read_by_its_index(JobStatus status, string index)
    {
        foreach (var mode in (string?[])[null, JobModes.Plan])
        {
            var query = new JobQuery { Status = status, Mode = mode };

            var plan = await ExplainAsync(d => d.QueryJobs(query), c => c.Text("mode", mode).Number("limit", 100));

            Assert.Contains(index, plan, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(JobStatus.Queued)]
    [InlineData(JobStatus.Running)]
    public async Task Jobs_of_a_mode_are_few_however_many_others_are_in_the_status(JobStatus status)
    {
        var query = new JobQuery { Status = status, Mode = JobModes.Plan };

        var plan = await ExplainAsync(d => d.QueryJobs(query), c => c.Text("mode", JobModes.Plan).Number("limit", 100));

        Assert.Contains("(mode=?)", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_causes_of_a_time_are_summed_up_from_its_incidents_alone() => Assert.Contains(
        "ix_agent_incidents_created_at_id (created_at>?)",
        await ExplainAsync(
            d => d.SummarizeRootCauses(hasFrom: true),
            c => c.Text("completed", "").Text("pending", "").Text("approval", "").Time("from", DateTimeOffset.UnixEpoch).Number("limit", 100)),
        StringComparison.Ordinal);

    private Task<string> ExplainAsync(Func<SqlDialect, SqlStatement> choose, Func<StoreCommand, StoreCommand> give) =>
        Agent.Get<OwnConnectionExecutor>().ReadAsync(
            async (unit, ct) =>
            {
                var statement = choose(unit.Dialect);
                var command = unit.Command(statement with { Text = $"EXPLAIN QUERY PLAN {statement.Text}" });
                return string.Join('\n', await give(command).ReadAllAsync(row => row.Text(3), ct));
            },
            Cancellation);
}
