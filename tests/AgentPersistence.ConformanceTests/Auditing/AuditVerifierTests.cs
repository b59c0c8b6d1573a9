using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditVerifierTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public async Task An_empty_log_is_intact()
    {
        await using var log = await LogAsync(_ => Task.CompletedTask);

        var checkpoint = await log.Agent.Verifier.CreateCheckpointAsync(Cancellation);

        Assert.Equal(new AuditVerification(true, 0, null, null), await log.VerifyAsync());
        Assert.Equal((0L, Zeros), (checkpoint.Sequence, checkpoint.Hash));
        Assert.InRange(checkpoint.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.True((await log.Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation)).IsIntact);
    }

    [Fact]
    public async Task Whatever_was_logged_is_intact()
    {
        await using var log = await LogAsync(async agent =>
        {
            await agent.Audit.LogAsync(new AuditEntry(), Cancellation);
            await agent.Audit.LogAsync(
                new AuditEntry
                {
                    RunId = "r",
                    UserId = "üser-\U0001F600",
                    SessionId = "s",
                    EventType = "type\0\ud800",
                    Intent = "",
                    Action = "Ⅻ",
                    Input = Json("""{ "b":1.50, "b" : "\u0000\ud800", "n":123456789012345678901234567890.10 }"""),
                    Output = Json("null"),
                    Details = Json($"\"{new string('x', 200_000)}\""),
                    ErrorMessage = "a\0b\udfff",
                    IdempotencyKey = "ключ",
                    OccurredAt = new DateTimeOffset(1931, 5, 6, 7, 8, 9, TimeSpan.FromHours(-3)).AddTicks(-7),
                },
                Cancellation);
            var many = Enumerable.Range(0, 20)
                .Select(i => new AuditEntry { ErrorMessage = new string('é', i), Status = (AuditStatus)(i % 4) });
            await agent.Audit.LogAsync([.. many], Cancellation);
        });

        Assert.Equal(new AuditVerification(true, 22, null, null), await log.VerifyAsync());
    }

    [Fact]
    public async Task Every_state_is_intact_from_every_start()
    {
        await using var log = await LogAsync(LogEveryStateAsync);
        var checkpoint = await log.Agent.Verifier.CreateCheckpointAsync(Cancellation);
        var (first, last) = (4L, checkpoint.Sequence);

        Assert.Equal(new AuditVerification(true, last - first + 1, null, null), await log.VerifyAsync());
        for (var from = 1L; from <= last + 3; from++)
        {
            var rows = last - Math.Clamp(from, first, last + 1) + 1;
            Assert.Equal(new AuditVerification(true, rows, null, null), await log.VerifyAsync(from));
        }
    }

    [Fact]
    public async Task What_transactions_have_logged_is_verified_and_in_the_checkpoint()
    {
        await using var log = await LogAsync(_ => Task.CompletedTask);
        await using var open = await log.Agent.Database.BeginTransactionAsync(Cancellation);
        await open.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);
        await open.CommitAsync(Cancellation);

        var checkpoint = await log.Agent.Verifier.CreateCheckpointAsync(Cancellation);

        Assert.Equal(1, checkpoint.Sequence);
        Assert.Equal(new AuditVerification(true, 1, null, null), await log.VerifyAsync());
        Assert.Equal(0, await log.Database.CountAsync("agent_audit_staged"));
    }

    [Fact]
    public async Task From_a_row_on_the_rows_before_it_are_trusted()
    {
        await using var log = await LogAsync(agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 9)], Cancellation));
        await log.Tampering.DropTriggersAsync();
        await log.Tampering.SetAsync(4, "action = 'changed'");

        Assert.Equal(new AuditVerification(false, 3, 4, AuditFault.Changed), await log.VerifyAsync());
        Assert.Equal(new AuditVerification(false, 0, 4, AuditFault.Changed), await log.VerifyAsync(4));
        Assert.Equal(new AuditVerification(true, 5, null, null), await log.VerifyAsync(5));
    }

    [Fact]
    public async Task From_a_row_on_the_row_before_it_must_be_there()
    {
        await using var log = await LogAsync(agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 9)], Cancellation));
        await log.Tampering.DropTriggersAsync();
        await log.Tampering.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 4");

        Assert.Equal(new AuditVerification(false, 0, 4, AuditFault.Missing), await log.VerifyAsync(5));
        Assert.True((await log.VerifyAsync(6)).IsIntact);
    }

    [Fact]
    public async Task From_a_row_behind_the_end_the_head_is_still_checked()
    {
        await using var log = await LogAsync(agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 3)], Cancellation));
        await log.Tampering.ExecuteAsync("UPDATE agent_audit_head SET hash = pruned_hash");

        Assert.Equal(new AuditVerification(false, 0, 3, AuditFault.ForgedHead), await log.VerifyAsync(9));
    }

    [Fact]
    public async Task An_erasure_that_reaches_below_the_start_is_checked_whole()
    {
        await using var log = await LogAsync(async agent =>
        {
            await agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "gone" }, 4)], Cancellation);
            await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("gone"), Cancellation);
            await agent.Audit.LogAsync(new AuditEntry { UserId = "stays" }, Cancellation);
        });
        await log.Tampering.DropTriggersAsync();
        await log.Tampering.SetAsync(4, $"erased_by = {await log.Tampering.IdAsync(6)}");

        Assert.Equal(new AuditVerification(false, 2, 3, AuditFault.UnrecordedErase), await log.VerifyAsync(3));
    }

    [Fact]
    public async Task An_erasure_whose_first_rows_were_pruned_is_checked_in_what_is_left()
    {
        await using var log = await LogAsync(async agent =>
        {
            await agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "gone" }, 6)], Cancellation);
            await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("gone"), Cancellation);
            await agent.AuditMaintenance.PruneAsync(1, Cancellation);
            await agent.AuditMaintenance.PruneAsync(3, Cancellation);
            await agent.Audit.LogAsync(new AuditEntry { UserId = "stays" }, Cancellation);
        });

        Assert.Equal(new AuditVerification(true, 7, null, null), await log.VerifyAsync());
        await log.Tampering.DropTriggersAsync();
        await log.Tampering.SetAsync(10, AuditTampering.Erased(await log.Tampering.IdAsync(7)));
        Assert.Equal(new AuditVerification(false, 7, 10, AuditFault.UnrecordedErase), await log.VerifyAsync());
    }

    [Fact]
    public async Task A_checkpoint_holds_as_the_log_grows_and_is_pruned_up_to_it()
    {
        await using var log = await LogAsync(
            agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "u" }, 5)], Cancellation));
        var checkpoint = await log.Agent.Verifier.CreateCheckpointAsync(Cancellation);

        await log.Agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 5)], Cancellation);
        Assert.Equal(new AuditVerification(true, 10, null, null), await log.Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation));
        await log.Agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation);
        Assert.True((await log.Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation)).IsIntact);
        await log.Agent.AuditMaintenance.PruneAsync(5, Cancellation);
        Assert.True((await log.Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation)).IsIntact);
        await log.Agent.AuditMaintenance.PruneAsync(6, Cancellation);
        Assert.Equal(
            (false, null, AuditFault.Pruned), Outcome(await log.Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation)));
    }

    [Fact]
    public async Task A_checkpoint_of_another_log_is_told()
    {
        await using var log = await LogAsync(agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 5)], Cancellation));
        var checkpoint = await log.Agent.Verifier.CreateCheckpointAsync(Cancellation);

        Assert.Equal((false, 5L, AuditFault.Rewritten), Outcome(await log.AgainstAsync(checkpoint with { Hash = new string('a', 64) })));
        Assert.Equal((false, 4L, AuditFault.Rewritten), Outcome(await log.AgainstAsync(checkpoint with { Sequence = 4 })));
        Assert.Equal((false, 6L, AuditFault.Cut), Outcome(await log.AgainstAsync(checkpoint with { Sequence = 7 })));
        Assert.Equal((true, null, null), Outcome(await log.AgainstAsync(checkpoint with { Hash = checkpoint.Hash.ToUpperInvariant() })));
        Assert.Equal((true, null, null), Outcome(await log.AgainstAsync(checkpoint with { Sequence = 0, Hash = Zeros })));
    }

    [Fact]
    public async Task Bad_arguments_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("fromSequence", () => Agent.Verifier.VerifyAsync(0, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>("checkpoint", () => Agent.Verifier.VerifyAgainstAsync(null!, Cancellation));
        foreach (var (sequence, hash) in new[] { (-1, Zeros), (1, ""), (1, Zeros[1..]), (1, Zeros[1..] + "g"), (1, null!) })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => Agent.Verifier.VerifyAgainstAsync(new AuditCheckpoint(sequence, hash, default), Cancellation));
        }
    }

    [Fact]
    public async Task Verification_reads_one_snapshot_while_others_log_erase_and_prune()
    {
        await using var log = await LogAsync(
            agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "u" }, 50)], Cancellation));
        using var stop = new CancellationTokenSource();
        var busy = Task.Run(
            async () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    var logged = await log.Agent.Audit.LogAsync(new AuditEntry { UserId = $"u{i % 5}" }, Cancellation);
                    var through = logged.Sequence!.Value - 40;
                    _ = i % 10 == 4 ? await log.Agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser($"u{i % 5}"), Cancellation)
                        : i % 10 == 9 ? await log.Agent.AuditMaintenance.PruneAsync(through, Cancellation)
                        : 0;
                }
            },
            Cancellation);

        for (var i = 0; i < 25; i++)
        {
            Assert.Equal((true, null, null), Outcome(await log.VerifyAsync()));
        }

        await stop.CancelAsync();
        await busy;
        Assert.Equal((true, null, null), Outcome(await log.VerifyAsync()));
    }

    [Fact]
    public async Task A_log_that_cannot_take_what_is_staged_is_still_verified()
    {
        await using var log = await LogAsync(agent => agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry(), 3)], Cancellation));
        await log.Tampering.ExecuteAsync("UPDATE agent_audit_head SET sequence = 1");
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var transaction = await log.Agent.Database.BeginTransactionAsync(Cancellation);
            await transaction.Audit.LogAsync(new AuditEntry(), Cancellation);
            await transaction.CommitAsync(Cancellation);
            await log.Agent.Audit.QueryAsync(new AuditQuery(), Cancellation);
        });

        Assert.Equal((false, 2L, AuditFault.ForgedHead), Outcome(await log.VerifyAsync()));
    }

    private static async Task LogEveryStateAsync(Agent agent)
    {
        // 1 to 3 are pruned.
        await agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "old" }, 3)], Cancellation);
        await agent.AuditMaintenance.PruneAsync(3, Cancellation);
        var pending = new AuditEntry { UserId = "u", SessionId = "s", Input = Json("[1]"), Status = AuditStatus.Pending };
        var receipts = await agent.Audit.LogAsync([pending, pending, pending, pending], Cancellation);
        await agent.Audit.CompleteAsync(receipts[0].Id, new AuditOutcome(AuditStatus.Success, Json("{}")), Cancellation);
        await agent.Audit.CompleteAsync(receipts[1].Id, new AuditOutcome(AuditStatus.Failure, null, "no"), Cancellation);
        await agent.Audit.CompleteAsync(receipts[1].Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation);
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            var staged = await transaction.Audit.LogAsync(pending with { RunId = "staged" }, Cancellation);
            await transaction.Audit.CompleteAsync(staged.Id, new AuditOutcome(AuditStatus.Success, Json("1")), Cancellation);
            await transaction.Audit.CompleteAsync(receipts[2].Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await agent.AuditMaintenance.EraseAsync(AuditErasure.ByRun("staged"), Cancellation);
        await agent.Audit.LogAsync(new AuditEntry { UserId = "v" }, Cancellation);
        await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation);
        await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("nobody"), Cancellation);
        await agent.AuditMaintenance.PruneAsync(2, Cancellation);
        await agent.Audit.LogAsync(new AuditEntry { UserId = "v" }, Cancellation);
    }

    private async Task<Log> LogAsync(Func<Agent, Task> fill)
    {
        var database = await Databases.CreateAsync();
        var agent = new Agent(database);
        await fill(agent);
        return new Log(database, agent);
    }

    private static (bool, long?, string?) Outcome(AuditVerification verification) =>
        (verification.IsIntact, verification.FirstBadSequence, verification.Reason);

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private sealed record Log(TestDatabase Database, Agent Agent) : IAsyncDisposable
    {
        public AuditTampering Tampering { get; } = new(Database, Agent);

        public Task<AuditVerification> VerifyAsync(long from = 1) => Agent.Verifier.VerifyAsync(from, Cancellation);

        public Task<AuditVerification> AgainstAsync(AuditCheckpoint checkpoint) =>
            Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation);

        public async ValueTask DisposeAsync()
        {
            await Agent.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
