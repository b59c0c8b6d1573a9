using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>What only a database with concurrent writers can meet: transactions that overlap.</summary>
public abstract class AuditStagingTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Of_two_entries_with_one_key_the_first_chained_stays()
    {
        var (key, run) = (NewId("key"), NewId("run"));
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Audit.LogAsync(new AuditEntry { RunId = run, IdempotencyKey = key, Action = "staged" }, Cancellation);

        var outside = await Agent.Audit.LogAsync(new AuditEntry { RunId = run, IdempotencyKey = key, Action = "outside" }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var record = Assert.Single(await Agent.Audit.GetByRunAsync(run, Cancellation));
        Assert.Equal((outside.Id, "outside"), (record.Id, record.Action));
        Assert.Equal(0, await Database.CountAsync("agent_audit_staged"));
    }

    [Fact]
    public async Task A_staged_outcome_that_lost_is_chained_as_an_entry_of_its_own()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var pending = await agent.Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Failure, null, "late"), Cancellation);

        await agent.Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        await transaction.CommitAsync(Cancellation);

        var records = await agent.Audit.QueryAsync(new AuditQuery(), Cancellation);
        Assert.Equal([(3L, "audit.conflict", AuditStatus.Failure), (1L, null, AuditStatus.Success)], records.Select(r => (r.Sequence, r.EventType, r.Status)));
        Assert.Equal((pending.Id.ToString(), "late"), (records[0].Details!.Value.GetProperty("actionId").GetString(), records[0].ErrorMessage));
    }

    [Fact]
    public async Task An_outcome_of_an_entry_whose_key_lost_is_kept_as_a_conflict()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        var staged = await transaction.Audit.LogAsync(new AuditEntry { IdempotencyKey = "k", Status = AuditStatus.Pending }, Cancellation);
        await transaction.Audit.CompleteAsync(staged.Id, new AuditOutcome(AuditStatus.Success), Cancellation);

        await agent.Audit.LogAsync(new AuditEntry { IdempotencyKey = "k", Action = "first" }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var records = await agent.Audit.QueryAsync(new AuditQuery { OldestFirst = true }, Cancellation);
        Assert.Equal([("first", null), (null, "audit.conflict")], records.Select(r => (r.Action, r.EventType)));
        Assert.Null(await agent.Audit.FindAsync(staged.Id, Cancellation));
    }

    [Fact]
    public async Task An_outcome_staged_under_a_clock_that_is_behind_still_follows_its_entry()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await using var late = new Agent(database, new ManualTimeProvider(DateTimeOffset.UtcNow.AddDays(-1)));
        Guid id;
        await using (var first = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            id = (await first.Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation)).Id;
            await first.CommitAsync(Cancellation);
        }

        await using (var second = await late.Database.BeginTransactionAsync(Cancellation))
        {
            await second.Audit.CompleteAsync(id, new AuditOutcome(AuditStatus.Success), Cancellation);
            await second.CommitAsync(Cancellation);
        }

        var record = (await agent.Audit.FindAsync(id, Cancellation))!;
        Assert.Equal((1L, AuditStatus.Success), (record.Sequence, record.Status));
    }

    [Fact]
    public async Task More_than_a_page_of_staged_entries_is_chained_by_whoever_comes_next()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await agent.Audit.LogAsync(new AuditEntry(), Cancellation);
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync([.. Enumerable.Range(0, 2_300).Select(_ => new AuditEntry())], Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        var next = await agent.Audit.LogAsync(new AuditEntry(), Cancellation);

        Assert.Equal(2_302, next.Sequence);
        Assert.Equal(2_302, await database.CountAsync("agent_audit_log"));
        Assert.Equal(0, await database.CountAsync("agent_audit_staged"));
    }

    [Fact]
    public async Task An_open_transaction_holds_up_no_other_writer_whatever_their_keys()
    {
        var key = NewId("key");
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Audit.LogAsync(new AuditEntry { IdempotencyKey = key }, Cancellation);

        await Agent.Audit.LogAsync(new AuditEntry { IdempotencyKey = key }, Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        await Agent.Audit.LogAsync(new AuditEntry(), Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
    }
}
