using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditTransactionTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task What_a_transaction_logged_is_there_once_it_commits_and_has_its_place_in_the_chain()
    {
        var run = NewId("run");
        AuditReceipt receipt;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            receipt = await transaction.Audit.LogAsync(new AuditEntry { RunId = run, Action = "inside" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        var record = Assert.Single(await Agent.Audit.GetByRunAsync(run, Cancellation));
        Assert.Equal((receipt.Id, "inside"), (record.Id, record.Action));
        Assert.True(record.Sequence > 0);
        Assert.Equal(record, await Agent.Audit.FindAsync(receipt.Id, Cancellation));
    }

    [Fact]
    public async Task What_a_transaction_logged_vanishes_when_it_rolls_back()
    {
        var run = NewId("run");
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync([new AuditEntry { RunId = run }, new AuditEntry { RunId = run }], Cancellation);
        }

        Assert.Empty(await Agent.Audit.GetByRunAsync(run, Cancellation));
        var next = await Agent.Audit.LogAsync(new AuditEntry { RunId = run }, Cancellation);
        Assert.Equal(next.Sequence, Assert.Single(await Agent.Audit.GetByRunAsync(run, Cancellation)).Sequence);
    }

    [Fact]
    public async Task Inside_a_transaction_its_own_entries_are_read_and_completed()
    {
        var (run, key) = (NewId("run"), NewId("key"));
        var before = await Agent.Audit.LogAsync(new AuditEntry { RunId = run, Status = AuditStatus.Pending, Action = "before" }, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = await transaction.Audit.LogAsync(
                new AuditEntry { RunId = run, Status = AuditStatus.Pending, Action = "inside", IdempotencyKey = key }, Cancellation);
            var again = await transaction.Audit.LogAsync(new AuditEntry { RunId = run, IdempotencyKey = key }, Cancellation);
            await transaction.Audit.CompleteAsync(inside.Id, new AuditOutcome(AuditStatus.Success, Json("1")), Cancellation);
            await transaction.Audit.CompleteAsync(before.Id, new AuditOutcome(AuditStatus.Failure, Json("2")), Cancellation);
            var conflict = await Assert.ThrowsAsync<AuditConflictException>(
                () => transaction.Audit.CompleteAsync(inside.Id, new AuditOutcome(AuditStatus.Success), Cancellation));

            Assert.Equal((inside.Id, true), (again.Id, again.AlreadyLogged));
            Assert.Equal(AuditStatus.Success, conflict.CurrentStatus);
            Assert.Equal(
                [("inside", AuditStatus.Success, "1"), ("before", AuditStatus.Failure, "2")],
                (await transaction.Audit.QueryAsync(new AuditQuery { RunId = run }, Cancellation)).Select(Seen));
            Assert.Equal(("inside", AuditStatus.Success, "1"), Seen((await transaction.Audit.FindByIdempotencyKeyAsync(key, Cancellation))!));
            Assert.Equal(
                ["before"],
                (await transaction.Audit.QueryAsync(new AuditQuery { RunId = run, Status = AuditStatus.Failure }, Cancellation)).Select(r => r.Action));
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(
            [("before", AuditStatus.Failure, "2"), ("inside", AuditStatus.Success, "1")],
            (await Agent.Audit.GetByRunAsync(run, Cancellation)).Select(Seen));
    }

    [Fact]
    public async Task A_key_that_is_logged_already_is_recognised_inside_a_transaction()
    {
        var key = NewId("key");
        var first = await Agent.Audit.LogAsync(new AuditEntry { IdempotencyKey = key }, Cancellation);
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);

        Assert.Equal(first with { AlreadyLogged = true }, await transaction.Audit.LogAsync(new AuditEntry { IdempotencyKey = key }, Cancellation));
    }

    [Fact]
    public async Task A_conflict_inside_a_transaction_leaves_it_usable()
    {
        var run = NewId("run");
        var done = await Agent.Audit.LogAsync(new AuditEntry(), Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await Assert.ThrowsAsync<AuditConflictException>(
                () => transaction.Audit.CompleteAsync(done.Id, new AuditOutcome(AuditStatus.Success), Cancellation));
            await Assert.ThrowsAsync<AuditEntryNotFoundException>(
                () => transaction.Audit.CompleteAsync(Guid.CreateVersion7(), new AuditOutcome(AuditStatus.Success), Cancellation));
            await transaction.Audit.LogAsync(new AuditEntry { RunId = run }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Single(await Agent.Audit.GetByRunAsync(run, Cancellation));
    }

    protected static (string? Action, AuditStatus Status, string? Output) Seen(AuditRecord record) =>
        (record.Action, record.Status, record.Output?.GetRawText());

    protected static JsonElement Json(string text) => JsonElement.Parse(text);

    [Fact]
    public async Task A_host_goes_on_from_the_log_as_it_is_after_a_backup_was_restored()
    {
        await using var database = await Databases.CreateAsync();
        await using var host = new Agent(database);
        var backup = new AuditTampering(database, host);
        await backup.DropTriggersAsync();
        await host.Audit.LogAsync(new AuditEntry(), Cancellation);
        await backup.SaveAsync();
        await host.Audit.LogAsync(new AuditEntry { Action = "lost" }, Cancellation);

        await backup.RestoreAsync();
        await using var other = new Agent(database);
        await other.Audit.LogAsync(new AuditEntry { Action = "instead" }, Cancellation);
        await host.Audit.LogAsync(new AuditEntry { Action = "next" }, Cancellation);

        Assert.Equal(new AuditVerification(true, 3, null, null), await host.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }
}
