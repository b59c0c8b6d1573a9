using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>What many approvals, and many who wait for them, cost.</summary>
public sealed class PostgreSqlApprovalCostTests(PostgreSqlDatabases databases) : OwnDatabaseTests(databases)
{
    private static readonly Guid Rare = Guid.CreateVersion7();
    private static readonly JsonElement Action = JsonElement.Parse("1");

    public static TheoryData<ApprovalQuery, string> Queries => new()
    {
        { new ApprovalQuery(), "ix_agent_approvals_status_created_at_id" },
        { new ApprovalQuery { Status = ApprovalStatus.Expired }, "ix_agent_approvals_expires_at" },
        { new ApprovalQuery { Status = null, NewestFirst = true }, "ix_agent_approvals_created_at_id" },
        { new ApprovalQuery { ThreadId = Rare }, "ix_agent_approvals_thread_id_created_at" },
        { new ApprovalQuery { JobId = Rare, Status = null }, "ix_agent_approvals_job_id_created_at" },
    };

    [Theory]
    [MemberData(nameof(Queries), DisableDiscoveryEnumeration = true)]
    public async Task A_page_of_many_approvals_is_read_by_an_index(ApprovalQuery query, string index)
    {
        await FillAsync();

        var plan = await ExplainAsync(
            dialect => dialect.QueryApprovals(query), query.Status is { } status ? EnumText<ApprovalStatus>.From(status) : null);

        Assert.Contains(index, plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_expire_is_found_by_an_index()
    {
        await FillAsync();

        Assert.Contains("ix_agent_approvals_expires_at", await ExplainAsync(dialect => dialect.ExpireApprovals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_who_wait_cost_a_few_requests_and_none_once_they_are_gone()
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(Database.Kind, proxy.ConnectionString);
        var waiting = new List<Task<Approval>>();
        using var leaving = new CancellationTokenSource();
        for (var i = 0; i < 1_000; i++)
        {
            var approval = await agent.Approvals.CreateAsync(new() { ProposalText = "?", Action = Action }, Cancellation);
            waiting.Add(agent.Approvals.WaitAsync(approval.Id, TimeSpan.FromMinutes(5), leaving.Token));
        }

        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        var requests = 0;
        _ = proxy.LoseNextRequest(_ =>
        {
            Interlocked.Increment(ref requests);
            return false;
        });
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        var whileWaiting = Volatile.Read(ref requests);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        var afterwards = Volatile.Read(ref requests);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);

        Assert.InRange(whileWaiting, 1, 50);
        Assert.Equal(afterwards, Volatile.Read(ref requests));
    }

    private async Task FillAsync()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO agent_approvals (
                id, thread_id, job_id, proposal_text, action_json, action_digest, status, created_at, expires_at, write_id)
            SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '?', '1', 'v1:',
                CASE WHEN n % 50 = 0 THEN 'pending' WHEN n % 50 = 1 THEN 'approved' ELSE 'rejected' END,
                now() - n * interval '1 minute', now() + (n - 100) * interval '1 minute', gen_random_uuid()
            FROM generate_series(1, 20000) AS n
            """);
        await Database.ExecuteAsync("ANALYZE agent_approvals");
    }

    private Task<string> ExplainAsync(Func<SqlDialect, SqlStatement> question, string? status = null) =>
        Agent.Get<OwnConnectionExecutor>().ReadAsync(
            async (unit, ct) =>
            {
                var statement = question(unit.Dialect);
                return string.Join('\n', await unit.Command(statement with { Text = $"EXPLAIN {statement.Text}" })
                    .Text("status", status).Id("thread_id", Rare).Id("job_id", Rare).Number("limit", 100).Id("write_id", Rare)
                    .ReadAllAsync(row => row.Text(0), ct));
            },
            Cancellation);
}
