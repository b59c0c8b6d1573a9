using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>The answer to a commit of maintenance is lost: it happened once, and the caller is told what it did.</summary>
public sealed class PostgreSqlAuditLostAnswerTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TcpCutProxy _proxy = null!;
    private Agent _agent = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _proxy = TcpCutProxy.Start(_database.ConnectionString);
        _agent = new Agent(_database, configure: options => options.Auditing.MaintenanceConnectionString = _proxy.ConnectionString);
        await _agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "u" }, 3)], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_prune_is_done_once()
    {
        var lost = _proxy.LoseNextAnswerToCommit();

        Assert.Equal(2, await _agent.AuditMaintenance.PruneAsync(2, Cancellation));

        await lost;
        await AssertOnceAsync("audit.prune", rows: 2);
    }

    [Fact]
    public async Task A_prune_of_nothing_is_logged_once()
    {
        await _agent.AuditMaintenance.PruneAsync(3, Cancellation);
        await _agent.Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        var lost = _proxy.LoseNextAnswerToCommit();

        Assert.Equal(0, await _agent.AuditMaintenance.PruneAsync(2, Cancellation));

        await lost;
        Assert.Equal(2, (await _agent.Audit.QueryAsync(new AuditQuery { EventType = "audit.prune" }, Cancellation)).Count);
    }

    [Fact]
    public async Task An_erasure_is_done_once()
    {
        var lost = _proxy.LoseNextAnswerToCommit();

        Assert.Equal(3, await _agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation));

        await lost;
        await AssertOnceAsync("audit.erase", rows: 4);
    }

    private async Task AssertOnceAsync(string eventType, long rows)
    {
        Assert.Equal(1, _proxy.Cuts);
        Assert.Single(await _agent.Audit.QueryAsync(new AuditQuery { EventType = eventType }, Cancellation));
        Assert.Equal(new AuditVerification(true, rows, null, null), await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }
}
