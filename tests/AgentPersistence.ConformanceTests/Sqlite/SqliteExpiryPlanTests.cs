using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.ConformanceTests.Sqlite;

/// <summary>What is to expire is read by the time at which it does, and not among all that is open.</summary>
public sealed class SqliteExpiryPlanTests(SqliteDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Approvals_that_are_to_expire_are() =>
        Assert.Contains("ix_agent_approvals_expires_at", await ExplainAsync(), StringComparison.Ordinal);

    private Task<string> ExplainAsync() => Agent.Get<OwnConnectionExecutor>().ReadAsync(
        async (unit, ct) =>
        {
            var statement = unit.Dialect.ExpireApprovals;
            return string.Join('\n', await unit.Command(statement with { Text = $"EXPLAIN QUERY PLAN {statement.Text}" })
                .Number("limit", 100).Id("write_id", Guid.CreateVersion7())
                .ReadAllAsync(row => row.Text(3), ct));
        },
        Cancellation);
}
