using System.Text.Json;
using System.Transactions;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Database;

public abstract class TransactionTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_several_stores_write_is_there_after_the_commit_and_not_before()
    {
        var (session, run) = (NewId("session"), NewId("run"));
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
        await transaction.Audit.LogAsync(new AuditEntry { RunId = run, Action = "refund" }, Cancellation);

        Assert.Null(await Agent.Sessions.FindAsync(session, Cancellation));
        Assert.NotNull(await transaction.Sessions.FindAsync(session, Cancellation));
        await transaction.CommitAsync(Cancellation);

        Assert.NotNull(await Agent.Sessions.FindAsync(session, Cancellation));
        Assert.Single(await Agent.Audit.QueryAsync(new AuditQuery { RunId = run }, Cancellation));
    }

    [Fact]
    public async Task Without_a_commit_nothing_is_stored()
    {
        var (session, run) = (NewId("session"), NewId("run"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
            await transaction.Audit.LogAsync(new AuditEntry { RunId = run, Action = "refund" }, Cancellation);
        }

        Assert.Null(await Agent.Sessions.FindAsync(session, Cancellation));
        Assert.Empty(await Agent.Audit.QueryAsync(new AuditQuery { RunId = run }, Cancellation));
    }

    [Fact]
    public async Task After_the_commit_nobody_waits_for_the_transaction_to_be_disposed()
    {
        await using var agent = new Agent(Database, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await using var first = await agent.Database.BeginTransactionAsync(Cancellation);
        await first.Sessions.CreateAsync(new NewSession(), Cancellation);
        await first.CommitAsync(Cancellation);

        await using var second = await agent.Database.BeginTransactionAsync(Cancellation);
        await second.CommitAsync(Cancellation);

        Assert.Equal(1, (await agent.Sessions.CreateAsync(new NewSession(), Cancellation)).Version);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_refuses_all_but_another_disposal()
    {
        var committed = await Agent.Database.BeginTransactionAsync(Cancellation);
        await committed.CommitAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => committed.CommitAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => committed.Sessions.CreateAsync(new NewSession(), Cancellation));
        await committed.DisposeAsync();

        var disposed = await Agent.Database.BeginTransactionAsync(Cancellation);
        await disposed.DisposeAsync();
        await disposed.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => disposed.CommitAsync(Cancellation));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => disposed.Sessions.FindAsync("any", Cancellation));
        Assert.Contains("has ended", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_in_which_a_call_failed_is_never_said_to_be_committed()
    {
        await using var database = await Databases.CreateAsync();
        await database.ExecuteAsync("DROP TABLE agent_audit_staged");
        await database.ExecuteAsync("DROP TABLE agent_audit_log");
        await using var agent = new Agent(database);
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = "lost" }, Cancellation);
            var failure = await Assert.ThrowsAnyAsync<Exception>(
                () => transaction.Audit.LogAsync(new AuditEntry { Action = "refund" }, Cancellation));

            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync(Cancellation));
            Assert.Same(failure, refused.InnerException);
        }

        Assert.Null(await agent.Sessions.FindAsync("lost", Cancellation));
    }

    [Fact]
    public async Task Concurrent_callers_of_one_transaction_take_turns_and_all_of_it_commits()
    {
        var user = NewId("user");
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(
            () => transaction.Sessions.CreateAsync(new NewSession { UserId = user }, Cancellation), Cancellation)));
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(24, (await Agent.Sessions.QueryAsync(new SessionQuery { UserId = user }, Cancellation)).Count);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_when_a_transaction_is_disposed_under_its_callers()
    {
        for (var round = 0; round < 10; round++)
        {
            var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
            var calls = Enumerable.Range(0, 16)
                .Select(_ => Task.Run(() => transaction.Sessions.CreateAsync(new NewSession(), Cancellation), Cancellation)).ToList();
            await calls[round];
            await transaction.DisposeAsync();

            var outcome = Task.WhenAll(calls);
            await Task.WhenAny(outcome, Task.Delay(Patience, Cancellation));
            Assert.True(outcome.IsCompleted);
            Assert.All(calls.Where(c => c.IsFaulted), c => Assert.IsType<InvalidOperationException>(c.Exception!.InnerException));
        }
    }

    [Fact]
    public async Task A_cancelled_commit_is_not_sent()
    {
        var id = NewId("session");
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transaction.CommitAsync(new CancellationToken(canceled: true)));
        }

        Assert.Null(await Agent.Sessions.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_commit_while_the_host_shuts_down_is_the_success_it_is()
    {
        var id = NewId("session");
        var agent = new Agent(Database);
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation);
            await agent.DisposeAsync();
            await transaction.CommitAsync(Cancellation);
        }

        Assert.NotNull(await Agent.Sessions.FindAsync(id, Cancellation));
    }

    [Theory]
    [InlineData(TransactionScopeAsyncFlowOption.Enabled)]
    [InlineData(TransactionScopeAsyncFlowOption.Suppress)]
    public async Task Nothing_joins_an_ambient_transaction(TransactionScopeAsyncFlowOption flow)
    {
        await using var database = await Databases.CreateEmptyAsync();
        await using var agent = new Agent(database);
        var inside = Task.Factory.StartNew(
            () =>
            {
                // Only a scope that flows may be left on another thread than it was begun on.
                using var scope = new TransactionScope(flow);
                Wait(agent.Database.MigrateAsync(Cancellation));
                Wait(agent.Sessions.CreateAsync(new NewSession { Id = "kept", State = JsonElement.Parse("1") }, Cancellation));
                Wait(agent.Audit.LogAsync(new AuditEntry { RunId = "kept", Action = "refund" }, Cancellation));
                Wait(agent.Audit.QueryAsync(new AuditQuery { RunId = "kept" }, Cancellation));
                Assert.NotNull(Transaction.Current);
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await inside;

        Assert.NotNull(await agent.Sessions.FindAsync("kept", Cancellation));
        Assert.Single(await agent.Audit.QueryAsync(new AuditQuery { RunId = "kept" }, Cancellation));
    }

    private static void Wait(Task task) => Assert.True(task.Wait(Patience, Cancellation));
}
