using System.Data.Common;
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
    public async Task Who_begins_a_transaction_does_not_wait_long_for_whoever_holds_the_head()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await using (var staging = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            await staging.Audit.LogAsync(new AuditEntry { Action = "staged" }, Cancellation);
            await staging.CommitAsync(Cancellation);
        }

        await using var connection = await database.OpenAsync();
        await using var holding = await connection.BeginTransactionAsync(Cancellation);
        await using var hold = connection.CreateCommand();
        (hold.Transaction, hold.CommandText) = (holding, "SELECT 1 FROM agent_audit_head FOR UPDATE");
        await hold.ExecuteScalarAsync(Cancellation);
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 300; i++)
        {
            await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        Assert.Equal(1, await database.CountAsync("agent_audit_staged"));
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

    [Fact]
    public async Task A_staged_outcome_that_lost_is_erased_with_its_action()
    {
        var (user, run, session) = (NewId("user"), NewId("run"), NewId("session"));
        var entry = new AuditEntry { UserId = user, RunId = run, SessionId = session, Status = AuditStatus.Pending };
        var pending = await Agent.Audit.LogAsync(entry, Cancellation);
        await LoseOutcomeAsync(Agent, pending.Id, AuditStatus.Failure);
        var conflict = (await Agent.Audit.GetByRunAsync(run, Cancellation)).Single(r => r.EventType == "audit.conflict");
        Assert.Equal((user, session, "late"), (conflict.UserId, conflict.SessionId, conflict.ErrorMessage));

        Assert.Equal(3, await Agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser(user), Cancellation));

        Assert.Null((await Agent.Audit.FindAsync(conflict.Id, Cancellation))!.ErrorMessage);
        Assert.True((await Agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
    }

    [Fact]
    public async Task A_staged_outcome_that_follows_a_lost_one_is_lost_too()
    {
        var run = NewId("run");
        var pending = await Agent.Audit.LogAsync(new AuditEntry { RunId = run, Status = AuditStatus.Pending }, Cancellation);

        await LoseOutcomeAsync(Agent, pending.Id, AuditStatus.Failure, AuditStatus.RolledBack);

        var records = await Agent.Audit.QueryAsync(new AuditQuery { RunId = run, OldestFirst = true }, Cancellation);
        Assert.Equal(
            [(null, AuditStatus.Success), ("audit.conflict", AuditStatus.Failure), ("audit.conflict", AuditStatus.RolledBack)],
            records.Select(r => (r.EventType, r.Status)));
    }

    [Fact]
    public async Task A_staged_outcome_of_a_pruned_action_is_kept_without_what_nobody_could_erase()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var pending = await agent.Audit.LogAsync(new AuditEntry { UserId = "u", Status = AuditStatus.Pending }, Cancellation);
        await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Failure, null, "late"), Cancellation);

        await agent.AuditMaintenance.PruneAsync(1, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var records = await agent.Audit.QueryAsync(new AuditQuery { OldestFirst = true }, Cancellation);
        Assert.Equal([("audit.prune", null), ("audit.conflict", null)], records.Select(r => (r.EventType, r.ErrorMessage)));
        Assert.True((await agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
    }

    [Fact]
    public async Task Outcomes_staged_more_than_a_page_before_what_they_follow_still_follow_it()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var id = Guid.Empty;
        await InTransactionAsync(0, async audit => id = (await audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation)).Id);
        await InTransactionAsync(-1, audit => audit.CompleteAsync(id, new AuditOutcome(AuditStatus.Success), Cancellation));
        await InTransactionAsync(-2, audit => audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 1_000)], Cancellation));
        await InTransactionAsync(-3, audit => audit.CompleteAsync(id, new AuditOutcome(AuditStatus.RolledBack), Cancellation));

        var record = (await agent.Audit.FindAsync(id, Cancellation))!;

        Assert.Equal((1L, AuditStatus.RolledBack), (record.Sequence, record.Status));

        async Task InTransactionAsync(int days, Func<IAuditLogger, Task> work)
        {
            await using var host = new Agent(database, new ManualTimeProvider(DateTimeOffset.UtcNow.AddDays(days)));
            await using var transaction = await host.Database.BeginTransactionAsync(Cancellation);
            await work(transaction.Audit);
            await transaction.CommitAsync(Cancellation);
        }
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("log again")]
    public async Task An_entry_that_is_chained_while_a_transaction_looks_for_it_is_found(string what)
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var entry = new AuditEntry { IdempotencyKey = "k", Status = AuditStatus.Pending };
        AuditReceipt receipt;
        await using (var earlier = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            receipt = await earlier.Audit.LogAsync(entry, Cancellation);
            await earlier.CommitAsync(Cancellation);
        }

        // Whoever looks among the staged entries waits, until this one is in the log.
        await using var chaining = await database.OpenAsync();
        await RunAsync(chaining, "BEGIN; LOCK TABLE agent_audit_staged IN ACCESS EXCLUSIVE MODE");
        await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        var outcome = new AuditOutcome(AuditStatus.Success);
        var looking = what == "complete"
            ? transaction.Audit.CompleteAsync(receipt.Id, outcome, Cancellation)
            : transaction.Audit.LogAsync(entry, Cancellation);
        while (await database.ScalarAsync("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'agent_audit_staged'::regclass") is null)
        {
            await Task.Delay(10, Cancellation);
        }

        await RunAsync(
            chaining,
            """
            INSERT INTO agent_audit_log (id, action_id, status, idempotency_key, occurred_at, created_at, format, salt, personal_hash, sequence, hash)
            SELECT id, action_id, status, idempotency_key, occurred_at, created_at, format, salt, personal_hash, 1, personal_hash
            FROM agent_audit_staged;
            DELETE FROM agent_audit_staged; COMMIT
            """);

        Assert.Equal((receipt.Id, what != "complete"), await looking is var found ? (found.Id, found.AlreadyLogged) : default);
    }

    private static async Task LoseOutcomeAsync(Agent agent, Guid action, params AuditStatus[] outcomes)
    {
        await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
        foreach (var status in outcomes)
        {
            await transaction.Audit.CompleteAsync(action, new AuditOutcome(status, null, "late"), Cancellation);
        }

        await agent.Audit.CompleteAsync(action, new AuditOutcome(AuditStatus.Success), Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
