using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>Processes that undo one run, are killed while a compensation of theirs runs, or are paused for longer than their lease.</summary>
public abstract class RunUndoProcessTests(TestDatabases databases) : JournalTests(databases)
{
    private const int Steps = 24;
    private const string Lease = "1500";

    [Theory]
    [InlineData("inside")]
    [InlineData("outside")]
    public async Task A_run_is_undone_in_order_and_each_effect_once_whoever_is_killed_in_the_middle(string how)
    {
        await using var database = await Databases.CreateAsync();
        await CreateUndoneAsync(database, how);
        await using var agent = new Agent(database);
        var steps = new List<Guid>();
        for (var i = 0; i < Steps; i++)
        {
            var begun = await agent.Transactions.BeginAsync(new() { RunId = "run", IdempotencyKey = $"step-{i}" }, Cancellation);
            steps.Add(begun.Transaction.Id);
            await agent.Transactions.CompleteAsync(steps[i], cancellationToken: Cancellation);
        }

        await KillAsync(database, how, "claimed", step: 3);
        await KillAsync(database, how, "done", step: 4);
        await KillAsync(database, how, "done", step: 1);
        await FinishAsync(database, how, processes: 3);

        for (var i = 0; i < Steps; i++)
        {
            Assert.Equal(i + 1L, await database.ScalarAsync($"SELECT n FROM undone WHERE undo_key = 'undo:{steps[^(i + 1)]}'"));
        }

        Assert.Equal(Steps, await database.CountAsync("undone"));
        var transactions = await agent.Transactions.QueryAsync(new() { RunId = "run" }, Cancellation);
        Assert.All(transactions, t => Assert.Equal(TransactionStatus.RolledBack, t.Status));
        Assert.Equal(Steps + 3, transactions.Sum(t => t.RollbackAttempts));
        var entries = await agent.Audit.QueryAsync(new() { RunId = "run" }, Cancellation);
        Assert.Equal(transactions.Select(t => t.AuditLogId).Order(), entries.Select(e => e.Id).Order());
        Assert.All(entries, e => Assert.Equal(AuditStatus.RolledBack, e.Status));
        Assert.Equal(
            new AuditVerification(true, 3 * Steps, null, null), await agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_process_that_wakes_after_its_lease_stores_nothing_and_is_told()
    {
        await using var database = await Databases.CreateAsync();
        await CreateUndoneAsync(database, "outside");
        await using var agent = new Agent(database);
        var id = (await agent.Transactions.BeginAsync(new() { RunId = "run" }, Cancellation)).Transaction.Id;
        await using var zombie = await StartAsync(database, "outside", "claimed", 1);
        await zombie.WaitForLineAsync("holding");

        await zombie.PauseAsync();
        var heir = await agent.Transactions.RollBackAsync(
            id, (_, _) => Task.CompletedTask, new() { WaitForOther = TimeSpan.FromMinutes(1) }, Cancellation);
        await zombie.ResumeAsync();
        await zombie.WriteLineAsync("go on");

        Assert.Equal($"undone 0 {nameof(LeaseLostException)}", await zombie.ReadLineAsync());
        await zombie.WaitForExitAsync();
        Assert.Equal((false, 2L), (heir.AlreadyRolledBack, heir.Transaction.RollbackAttempts));
        Assert.Equal(heir.Transaction, await agent.Transactions.FindAsync(id, Cancellation));
        Assert.Equal(new AuditVerification(true, 2, null, null), await agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    private static Task CreateUndoneAsync(TestDatabase database, string how) => database.ExecuteAsync(
        $"CREATE TABLE undone (undo_key varchar(255) {(how == "outside" ? "PRIMARY KEY" : "")}, n bigint)");

    private static async Task<HostProcess> StartAsync(TestDatabase database, string how, params string[] stop)
    {
        var process = HostProcess.Start("journal-undo", [$"{database.Kind}", database.ConnectionString, "run", Lease, how, .. stop]);
        await process.WaitForLineAsync("ready");
        await process.WriteLineAsync("go");
        return process;
    }

    private static Task<HostProcess> StartAsync(TestDatabase database, string how, string place, int step) =>
        StartAsync(database, how, [place, $"{step}"]);

    private static async Task KillAsync(TestDatabase database, string how, string place, int step)
    {
        await using var victim = await StartAsync(database, how, place, step);
        await victim.WaitForLineAsync("holding");
        await victim.KillAsync();
    }

    private static async Task FinishAsync(TestDatabase database, string how, int processes)
    {
        var racing = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => StartAsync(database, how)));
        foreach (var process in racing)
        {
            await using (process)
            {
                var line = await process.ReadLineAsync();
                Assert.StartsWith("undone ", line, StringComparison.Ordinal);
                Assert.EndsWith(" ", line, StringComparison.Ordinal);
                await process.WaitForExitAsync();
            }
        }
    }
}
