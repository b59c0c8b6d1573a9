using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.ConformanceTests.Sqlite;

/// <summary>What is to expire is read by the time at which it does, and not among all that is open.</summary>
public sealed class SqliteExpiryPlanTests(SqliteDatabases databases) : IAsyncLifetime
{
    private Agent _agent = null!;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _agent = new Agent(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Approvals_that_are_to_expire_are() =>
        Assert.Contains("ix_agent_approvals_expires_at", await ExplainAsync(dialect => dialect.ExpireApprovals), StringComparison.Ordinal);

    private Task<string> ExplainAsync(Func<SqlDialect, SqlStatement> question) => _agent.Get<OwnConnectionExecutor>().ReadAsync(
        async (unit, ct) =>
        {
            var statement = question(unit.Dialect);
            return string.Join('\n', await unit.Command(statement with { Text = $"EXPLAIN QUERY PLAN {statement.Text}" })
                .Number("limit", 100).Id("write_id", Guid.CreateVersion7())
                .ReadAllAsync(row => row.Text(3), ct));
        },
        TestContext.Current.CancellationToken);
}
