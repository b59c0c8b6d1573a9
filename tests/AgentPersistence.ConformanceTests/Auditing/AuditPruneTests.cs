using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditPruneTests(TestDatabases databases) : OwnAuditLogTests(databases)
{
    [Fact]
    public async Task Pruning_removes_the_oldest_rows_and_logs_it()
    {
        await LogAsync(5);

        Assert.Equal(3, await Maintenance.PruneAsync(3, Cancellation));

        var records = await AllAsync();
        Assert.Equal([4, 5, 6], records.Select(r => r.Sequence));
        Assert.Equal(("audit.prune", null, AuditStatus.Success), (records[2].EventType, records[2].UserId, records[2].Status));
        var details = records[2].Details!.Value;
        Assert.Equal((3, 3, 3), (Number(details, "requested"), Number(details, "through"), Number(details, "rows")));
        await AssertIntactAsync(rows: 3);
    }

    [Fact]
    public async Task Pruning_everything_leaves_its_own_entry_and_the_log_goes_on()
    {
        await LogAsync(5);

        Assert.Equal(5, await Maintenance.PruneAsync(long.MaxValue, Cancellation));
        var next = await Audit.LogAsync(new AuditEntry(), Cancellation);

        Assert.Equal(7, next.Sequence);
        await AssertIntactAsync(rows: 2);
        Assert.Equal(1, await Maintenance.PruneAsync(6, Cancellation));
        await AssertIntactAsync(rows: 2);
    }

    [Fact]
    public async Task Pruning_stops_before_the_first_action_that_has_a_row_above()
    {
        await LogAsync(2);
        var open = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        await LogAsync(2);
        await Audit.CompleteAsync(open.Id, new AuditOutcome(AuditStatus.Success), Cancellation);

        Assert.Equal(2, await Maintenance.PruneAsync(5, Cancellation));
        Assert.Equal(4, await Maintenance.PruneAsync(6, Cancellation));

        Assert.Null(await Audit.FindAsync(open.Id, Cancellation));
        await AssertIntactAsync(rows: 2);
    }

    [Fact]
    public async Task Pruning_erasing_and_logging_at_once_take_turns_and_leave_the_log_intact()
    {
        await Audit.LogAsync([.. Enumerable.Range(0, 400).Select(i => new AuditEntry { UserId = $"u{i % 4}" })], Cancellation);
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(
            [
                .. Enumerable.Range(1, 4).Select(i => Task.Run(() => Maintenance.PruneAsync(i * 50, Cancellation))),
                .. Enumerable.Range(0, 4).Select(i => Task.Run(() => Maintenance.EraseAsync(AuditErasure.ByUser($"u{i}"), Cancellation))),
                .. Enumerable.Range(0, 20).Select(i => Task.Run(() => Audit.LogAsync(new AuditEntry { Action = $"{i}" }, Cancellation))),
            ]);

        var log = await OwnAgent.Verifier.VerifyAsync(1, Cancellation);
        Assert.True(log.IsIntact, log.Reason);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(9), "Somebody waited for a lock that another held against it.");
    }

    [Fact]
    public async Task Pruning_never_divides_an_action_that_another_one_reaches_into()
    {
        var first = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        var second = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        await Audit.CompleteAsync(first.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        await LogAsync(1);
        await Audit.CompleteAsync(second.Id, new AuditOutcome(AuditStatus.Success), Cancellation);

        // Through 4 the second action reaches above; before it the first one is not complete.
        Assert.Equal(0, await Maintenance.PruneAsync(4, Cancellation));

        Assert.Equal(AuditStatus.Success, (await Audit.FindAsync(first.Id, Cancellation))!.Status);
        await AssertIntactAsync(rows: 6);
    }

    [Fact]
    public async Task Pruning_nothing_is_logged_too()
    {
        await LogAsync(2);
        await Maintenance.PruneAsync(2, Cancellation);

        Assert.Equal(0, await Maintenance.PruneAsync(2, Cancellation));
        Assert.Equal(0, await Maintenance.PruneAsync(1, Cancellation));

        Assert.Equal([2, 0, 0], (await AllAsync()).Select(r => Number(r.Details!.Value, "rows")));
        await AssertIntactAsync(rows: 3);
    }

    [Fact]
    public async Task Pruning_an_empty_log_logs_that_nothing_was_there()
    {
        Assert.Equal(0, await Maintenance.PruneAsync(10, Cancellation));

        Assert.Equal("audit.prune", Assert.Single(await AllAsync()).EventType);
        await AssertIntactAsync(rows: 1);
    }

    [Fact]
    public async Task A_long_prune_runs_in_batches_each_with_its_entry_and_within_no_action()
    {
        var open = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        await LogAsync(6_000);
        await Audit.CompleteAsync(open.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        await LogAsync(6_000);

        Assert.Equal(12_002, await Maintenance.PruneAsync(12_002, Cancellation));

        Assert.Equal([6_002 + 3_998, 2_002], (await AllAsync()).Select(r => Number(r.Details!.Value, "rows")));
        await AssertIntactAsync(rows: 2);
    }

    [Fact]
    public async Task A_key_may_be_used_again_once_its_entry_is_pruned()
    {
        var first = await Audit.LogAsync(new AuditEntry { IdempotencyKey = "k" }, Cancellation);
        await Maintenance.PruneAsync(1, Cancellation);

        var second = await Audit.LogAsync(new AuditEntry { IdempotencyKey = "k" }, Cancellation);

        Assert.Equal((false, 3L), (second.AlreadyLogged, second.Sequence));
        Assert.NotEqual(first.Id, second.Id);
        await AssertIntactAsync(rows: 2);
    }

    [Fact]
    public async Task An_entry_that_only_looks_like_maintenance_harms_nothing()
    {
        var erase = Json("""{"rows":7,"sha256":"x","by":"user"}""");
        await Audit.LogAsync(new AuditEntry { EventType = "audit.erase", Details = erase }, Cancellation);
        await Audit.LogAsync(new AuditEntry { EventType = "audit.prune", UserId = "u", Details = Json("""{"through":1}""") }, Cancellation);

        Assert.Equal(1, await Maintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation));
        await AssertIntactAsync(rows: 3);
        Assert.Equal(1, await Maintenance.PruneAsync(1, Cancellation));
        await AssertIntactAsync(rows: 3);
    }

    [Fact]
    public async Task Pruning_erasing_and_logging_at_once_leave_an_intact_log()
    {
        await LogAsync(200);
        await using var second = new Agent(OwnDatabase);
        var work = new List<Task>();
        foreach (var agent in new[] { OwnAgent, second })
        {
            work.Add(Repeat(
                20, i => agent.Audit.LogAsync(new AuditEntry { UserId = $"u{i % 4}", IdempotencyKey = NewId("k") }, Cancellation)));
            work.Add(Repeat(10, i => agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser($"u{i % 4}"), Cancellation)));
            work.Add(Repeat(10, i => agent.AuditMaintenance.PruneAsync(20 * (i + 1), Cancellation)));
        }

        await Task.WhenAll(work);

        Assert.True((await OwnAgent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
        Assert.Equal(200L, Convert.ToInt64(await OwnDatabase.ScalarAsync("SELECT pruned_sequence FROM agent_audit_head"), null));
    }

    [Fact]
    public async Task Bad_arguments_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("throughSequence", () => Maintenance.PruneAsync(0, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("what", () => Maintenance.EraseAsync(null!, Cancellation));
        Assert.Empty(await AllAsync());
    }

    private static async Task Repeat(int times, Func<int, Task> action)
    {
        for (var i = 0; i < times; i++)
        {
            await action(i);
        }
    }

    [Fact]
    public async Task An_action_that_is_pruned_while_it_is_completed_is_gone()
    {
        var pending = await Audit.LogAsync(new AuditEntry { UserId = "u", Status = AuditStatus.Pending }, Cancellation);
        var late = new AuditLogger(
            OwnAgent.Get<OwnConnectionExecutor>(),
            new DelayedAppender(
                OwnAgent.Get<SharedAuditAppender>(),
                async () =>
                {
                    // After the second entry the process knows the end again, and would append at once.
                    await Maintenance.PruneAsync(1, Cancellation);
                    await LogAsync(1);
                    await LogAsync(1);
                }));

        await Assert.ThrowsAsync<AuditEntryNotFoundException>(
            () => late.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success, Json("\"secret\"")), Cancellation));

        Assert.Equal(3, await OwnDatabase.CountAsync("agent_audit_log"));
        await AssertIntactAsync(rows: 3);
    }

    /// <summary>Something happens between what an append was made from and the append.</summary>
    private sealed class DelayedAppender(IAuditAppender appender, Func<Task> meanwhile) : IAuditAppender
    {
        public async ValueTask AppendAsync(AuditAppend append, CancellationToken cancellationToken)
        {
            await meanwhile();
            await appender.AppendAsync(append, cancellationToken);
        }
    }
}
