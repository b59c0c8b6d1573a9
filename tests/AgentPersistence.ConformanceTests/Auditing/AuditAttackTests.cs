using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>
/// What an intruder with every right can do to the log, and what verification says. The chain is not keyed: what was recomputed with
/// everything behind it shows only against a checkpoint that was kept elsewhere.
/// </summary>
public abstract class AuditAttackTests(TestDatabases databases) : DatabaseTests(databases)
{
    // The log under attack: rows 1 and 2 are pruned, which 3 records; then
    //   4 an action begins   5 an entry   6 it succeeds   7 a failure   8 it is rolled back   9, 10 a user's, erased
    //   11 an entry   12 records the erasure   13, 14 entries, 14 being where the checkpoint was made
    private const long Checkpointed = 14;

    private static readonly Verdict Intact = new(null, null);

    private static readonly Dictionary<string, Attack> Attacks = new()
    {
        ["nothing at all"] = new(_ => Task.CompletedTask, Intact),

        // Changed.
        ["a payload"] = Update(5, """output_data = '{"paid":true}'""", AuditFault.Changed),
        ["a space in a payload"] = Update(5, """input_data = '{ "amount":10}'""", AuditFault.Changed),
        ["a payload taken away"] = Update(5, "input_data = NULL", AuditFault.Changed),
        ["a user"] = Update(5, "user_id = 'mallory'", AuditFault.Changed),
        ["an error text added"] = Update(5, "error_message = ''", AuditFault.Changed),
        ["a status"] = Update(7, "status = 'success'", AuditFault.Changed),
        ["a session"] = Update(11, "session_id = 'other'", AuditFault.Changed),
        ["a key taken away"] = Update(11, "idempotency_key = NULL", AuditFault.Changed),
        ["a time, by a microsecond"] = new(
            t => t.ExecuteAsync(
                t.IsPostgreSql ? "UPDATE agent_audit_log SET occurred_at = occurred_at + interval '1 microsecond' WHERE sequence = 7"
                : "UPDATE agent_audit_log SET occurred_at = occurred_at + 1 WHERE sequence = 7"),
            new(7, AuditFault.Changed)),
        ["an action's rows divided"] = Update(8, "previous_id = NULL", AuditFault.Changed),
        ["another action"] = Update(6, "action_id = '00000000-0000-7000-8000-000000000000'", AuditFault.Changed),
        ["a salt"] = Update(13, "salt = personal_hash", AuditFault.Changed),
        ["a personal hash"] = Update(13, "personal_hash = hash", AuditFault.Changed),
        ["a hash"] = Update(13, "hash = personal_hash", AuditFault.Changed),
        ["a format"] = Update(13, "format = 2", AuditFault.UnknownFormat),
        ["the entry of the erasure"] = Update(12, """event_details = '{"rows":3}'""", AuditFault.Changed),
        ["the record of its erasure on a row that is there"] = Update(5, "erased_by = id", AuditFault.Changed),

        // Deleted, added, reordered.
        ["a row deleted"] = new(t => t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 7"), new(7, AuditFault.Missing)),
        ["all rows deleted"] = new(t => t.ExecuteAsync("DELETE FROM agent_audit_log"), new(2, AuditFault.UnrecordedPrune)),
        ["a row deleted and the rest moved up"] = new(
            async t =>
            {
                await t.DropUniqueSequenceAsync();
                await t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 7");
                await t.ExecuteAsync("UPDATE agent_audit_log SET sequence = sequence - 1 WHERE sequence > 7");
                await t.MoveHeadAsync();
            },
            new(7, AuditFault.Changed)),
        ["two rows exchanged"] = new(
            async t =>
            {
                await t.DropUniqueSequenceAsync();
                await t.ExecuteAsync("UPDATE agent_audit_log SET sequence = 24 - sequence WHERE sequence IN (11, 13)");
            },
            new(11, AuditFault.Changed)),
        ["two neighbours exchanged"] = new(
            async t =>
            {
                await t.DropUniqueSequenceAsync();
                await t.ExecuteAsync("UPDATE agent_audit_log SET sequence = 11 - sequence WHERE sequence IN (5, 6)");
            },
            new(5, AuditFault.Changed)),
        ["a row added in the pruned part"] = new(t => t.CopyAsync(13, to: 1), new(1, AuditFault.Inserted)),
        ["a row added before the first"] = new(t => t.CopyAsync(13, to: -1), new(-1, AuditFault.Inserted)),
        ["a row added behind the head"] = new(t => t.CopyAsync(13, to: 15), new(15, AuditFault.ForgedHead)),
        ["a row added in its place, and the head with it"] = new(
            async t =>
            {
                await t.CopyAsync(13, to: 15);
                await t.RehashAsync(15, withHead: true);
            },
            Intact),

        // Re-hashed.
        ["a row changed and hashed again"] = Rehash(7, to: 7, withHead: false, new(8, AuditFault.Changed)),
        ["the last row changed and hashed again"] = Rehash(14, to: 14, withHead: false, new(14, AuditFault.ForgedHead)),
        ["everything behind hashed again, not the head"] = Rehash(7, to: 14, withHead: false, new(14, AuditFault.ForgedHead)),
        ["everything behind hashed again, and the head"] =
            Rehash(7, to: 14, withHead: true, Intact) with { AgainstCheckpoint = new(Checkpointed, AuditFault.Rewritten) },

        // The head.
        ["the head's hash"] = Head("hash = pruned_hash", new(14, AuditFault.ForgedHead)),
        ["the head behind its row"] = Head("sequence = 12", new(13, AuditFault.ForgedHead)),
        ["the head before its row"] = Head("sequence = 20", new(15, AuditFault.Missing)),
        ["the head gone"] = new(t => t.ExecuteAsync("DELETE FROM agent_audit_head"), new(null, AuditFault.ForgedHead)),
        ["a second head"] = new(
            t => t.ExecuteAsync("""
                INSERT INTO agent_audit_head (id, sequence, hash, pruned_sequence, pruned_hash)
                SELECT 2, sequence, hash, pruned_sequence, pruned_hash FROM agent_audit_head
                """),
            new(null, AuditFault.ForgedHead)),
        ["the pruned part's end moved up, its rows left"] = Head(
            "pruned_sequence = 4, pruned_hash = (SELECT hash FROM agent_audit_log WHERE sequence = 4)", new(4, AuditFault.UnrecordedPrune)),
        ["the pruned part's end moved down"] = Head("pruned_sequence = 1", new(1, AuditFault.UnrecordedPrune)),
        ["the pruned part forgotten"] = Head("pruned_sequence = 0, pruned_hash = hash", new(null, AuditFault.ForgedHead)),
        ["the pruned part forgotten whole"] = new(
            t => t.ExecuteAsync($"UPDATE agent_audit_head SET pruned_sequence = 0, pruned_hash = {t.Bytes(new byte[32])}"),
            new(1, AuditFault.Missing)),
        ["the pruned part's hash"] = Head("pruned_hash = hash", new(2, AuditFault.UnrecordedPrune)),
        ["a prune without its entry"] = new(
            async t =>
            {
                await t.ExecuteAsync("""
                    UPDATE agent_audit_head
                    SET pruned_sequence = 5, pruned_hash = (SELECT hash FROM agent_audit_log WHERE sequence = 5)
                    """);
                await t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence <= 5");
            },
            new(5, AuditFault.UnrecordedPrune)),

        // Erased.
        ["a null salt with other payloads"] = new(
            async t => await t.SetAsync(5, $"salt = NULL, erased_by = {await t.IdAsync(12)}, output_data = '1'"),
            new(5, AuditFault.Changed)),
        ["a null salt alone"] = Update(5, "salt = NULL", AuditFault.Changed),
        ["an erase that names nothing"] = Update(5, AuditTampering.Erased("NULL"), AuditFault.UnrecordedErase),
        ["an erase that names an entry that is not there"] =
            Update(5, AuditTampering.Erased("'00000000-0000-8000-8000-000000000000'"), AuditFault.UnrecordedErase),
        ["an erase that names itself"] = Update(5, AuditTampering.Erased("id"), AuditFault.UnrecordedErase),
        ["an erase that names an earlier entry"] = new(
            async t => await t.SetAsync(5, AuditTampering.Erased(await t.IdAsync(3))), new(5, AuditFault.UnrecordedErase)),
        ["an erase that names an entry of another kind"] = new(
            async t => await t.SetAsync(5, AuditTampering.Erased(await t.IdAsync(13))), new(5, AuditFault.UnrecordedErase)),
        ["an erase that names somebody else's, before its rows"] = new(
            async t => await t.SetAsync(5, AuditTampering.Erased(await t.IdAsync(12))), new(5, AuditFault.UnrecordedErase)),
        ["an erase that names somebody else's, behind its rows"] = new(
            async t => await t.SetAsync(11, AuditTampering.Erased(await t.IdAsync(12))), new(9, AuditFault.UnrecordedErase)),
        ["an erase without its entry, and a change behind it"] = new(
            async t =>
            {
                await t.SetAsync(5, AuditTampering.Erased("'00000000-0000-8000-8000-000000000000'"));
                await t.SetAsync(7, "status = 'success'");
            },
            new(5, AuditFault.UnrecordedErase)),
        ["the entry of the erasure deleted"] = new(
            t => t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 12"), new(9, AuditFault.UnrecordedErase)),
        ["the entry of the erasure erased"] = new(
            async t => await t.SetAsync(12, AuditTampering.Erased(await t.IdAsync(14))), new(9, AuditFault.UnrecordedErase)),
        ["the entry of the prune erased"] = new(
            async t => await t.SetAsync(3, AuditTampering.Erased(await t.IdAsync(12))), new(2, AuditFault.UnrecordedPrune)),
        ["an erased row told to be another's"] = new(
            async t => await t.SetAsync(10, $"erased_by = {await t.IdAsync(14)}"), new(9, AuditFault.UnrecordedErase)),

        // The tail.
        ["the tail cut, not the head"] = new(
            t => t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence >= 13"), new(13, AuditFault.Missing)),
        ["the tail cut, and the head with it"] = new(
            async t =>
            {
                await t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence >= 13");
                await t.MoveHeadAsync();
            },
            Intact) { AgainstCheckpoint = new(13, AuditFault.Cut) },
        ["the tail cut, the head with it, and written anew"] = new(
            async t =>
            {
                await t.CopyAsync(11, to: 113);
                await t.CopyAsync(11, to: 114);
                await t.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence IN (13, 14)");
                await t.ExecuteAsync("UPDATE agent_audit_log SET sequence = sequence - 100 WHERE sequence > 100");
                await t.RehashAsync(13, withHead: true);
            },
            Intact) { AgainstCheckpoint = new(Checkpointed, AuditFault.Rewritten) },
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    private AuditTampering Tampering => new(Database, Agent);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (await Tampering.IsSavedAsync())
        {
            await Tampering.RestoreAsync();
            return;
        }

        await LogAsync(Agent);
        await Tampering.DropTriggersAsync();
        await Tampering.SaveAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attack_is_told_where_it_can_be(string name)
    {
        var (attack, verdict) = (Attacks[name], Attacks[name].Without);
        var checkpoint = await Agent.Verifier.CreateCheckpointAsync(Cancellation);
        Assert.Equal(Checkpointed, checkpoint.Sequence);

        await attack.Run(Tampering);

        var without = await Agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        var against = await Agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation);
        Assert.Equal((verdict.IsIntact, verdict.Sequence, verdict.Reason), (without.IsIntact, without.FirstBadSequence, without.Reason));
        verdict = attack.AgainstCheckpoint ?? attack.Without;
        Assert.Equal((verdict.IsIntact, verdict.Sequence, verdict.Reason), (against.IsIntact, against.FirstBadSequence, against.Reason));
    }

    [Fact]
    public async Task A_second_row_in_one_place_is_told_though_either_may_be_the_first_there()
    {
        await Tampering.DropUniqueSequenceAsync();

        await Tampering.CopyAsync(13, to: 7);

        var verification = await Agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        Assert.Equal((false, 7), (verification.IsIntact, verification.FirstBadSequence));
        Assert.Contains(verification.Reason, new[] { AuditFault.Inserted, AuditFault.Changed });
    }

    private static async Task LogAsync(Agent agent)
    {
        await agent.Audit.LogAsync([new AuditEntry { UserId = "old" }, new AuditEntry { UserId = "old" }], Cancellation);
        Assert.Equal(2, await agent.AuditMaintenance.PruneAsync(2, Cancellation));
        var begun = new AuditEntry { UserId = "eve", Action = "pay", Status = AuditStatus.Pending };
        var action = await agent.Audit.LogAsync(begun, Cancellation);
        await agent.Audit.LogAsync(new AuditEntry { UserId = "eve", Input = Json("""{"amount":10}"""), Output = Json("[]") }, Cancellation);
        await agent.Audit.CompleteAsync(action.Id, new AuditOutcome(AuditStatus.Success, Json("true")), Cancellation);
        await agent.Audit.LogAsync(new AuditEntry { Status = AuditStatus.Failure, ErrorMessage = "no" }, Cancellation);
        await agent.Audit.CompleteAsync(action.Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation);
        await agent.Audit.LogAsync(
            [new AuditEntry { UserId = "gone", Input = Json("1") }, new AuditEntry { UserId = "gone" }], Cancellation);
        await agent.Audit.LogAsync(new AuditEntry { SessionId = "s", IdempotencyKey = "k" }, Cancellation);
        Assert.Equal(2, await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("gone"), Cancellation));
        await agent.Audit.LogAsync([new AuditEntry { Details = Json("{}") }, new AuditEntry { Action = "last" }], Cancellation);
    }

    private static Attack Update(long sequence, string assignments, string reason) =>
        new(t => t.SetAsync(sequence, assignments), new(sequence, reason));

    private static Attack Head(string assignments, Verdict verdict) =>
        new(t => t.ExecuteAsync($"UPDATE agent_audit_head SET {assignments}"), verdict);

    private static Attack Rehash(long sequence, long to, bool withHead, Verdict verdict) => new(
        async t =>
        {
            await t.SetAsync(sequence, "status = 'success', error_message = 'rewritten'");
            await t.RehashAsync(sequence, to, withHead);
        },
        verdict);

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private sealed record Verdict(long? Sequence, string? Reason)
    {
        public bool IsIntact => Reason is null;
    }

    private sealed record Attack(Func<AuditTampering, Task> Run, Verdict Without)
    {
        /// <summary>The verdict against the checkpoint, where it differs.</summary>
        public Verdict? AgainstCheckpoint { get; init; }
    }
}
