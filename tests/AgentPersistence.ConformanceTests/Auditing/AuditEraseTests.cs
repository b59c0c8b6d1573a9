using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditEraseTests(TestDatabases databases) : OwnAuditLogTests(databases)
{
    [Theory]
    [InlineData("user")]
    [InlineData("session")]
    [InlineData("run")]
    public async Task Erasing_takes_personal_data_and_leaves_the_rest(string by)
    {
        var entry = new AuditEntry
        {
            RunId = "run-1",
            UserId = "user-1",
            SessionId = "session-1",
            EventType = "t",
            Intent = "i",
            Action = "a",
            Input = Json("\"secret in\""),
            Details = Json("\"secret details\""),
            ErrorMessage = "secret error",
            IdempotencyKey = "k",
            Status = AuditStatus.Pending,
        };
        var receipt = await Audit.LogAsync(entry, Cancellation);
        await Audit.CompleteAsync(
            receipt.Id, new AuditOutcome(AuditStatus.Failure, Json("\"secret out\""), "secret failure"), Cancellation);
        var other = new AuditEntry { RunId = "run-2", UserId = "user-2", SessionId = "session-2", Input = Json("1") };
        var kept = await Audit.LogAsync(other, Cancellation);
        var before = (await Audit.FindAsync(receipt.Id, Cancellation))!;

        Assert.Equal(2, await Maintenance.EraseAsync(What(by, "1"), Cancellation));

        var erased = await Audit.FindAsync(receipt.Id, Cancellation);
        Assert.Equal(
            before with { UserId = null, Input = null, Output = null, Details = null, ErrorMessage = null, IsErased = true }, erased);
        var untouched = (await Audit.FindAsync(kept.Id, Cancellation))!;
        Assert.Equal(("user-2", "1", false), (untouched.UserId, untouched.Input?.GetRawText(), untouched.IsErased));
        var text = string.Join('\n', await TextsAsync());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("user-1", text, StringComparison.Ordinal);
        Assert.True((await Audit.LogAsync(new AuditEntry { IdempotencyKey = "k" }, Cancellation)).AlreadyLogged);
        await AssertIntactAsync(rows: 4);
    }

    [Fact]
    public async Task Erasing_logs_how_many_rows_and_nothing_personal()
    {
        await Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "user-1", SessionId = "s", RunId = "r" }, 3)], Cancellation);

        await Maintenance.EraseAsync(AuditErasure.ByUser("user-1"), Cancellation);

        var entry = (await AllAsync())[^1];
        Assert.Equal(("audit.erase", null, null, null), (entry.EventType, entry.UserId, entry.SessionId, entry.RunId));
        Assert.Equal((3, "user"), (Number(entry.Details!.Value, "rows"), entry.Details.Value.GetProperty("by").GetString()));
        Assert.Equal(64, entry.Details.Value.GetProperty("sha256").GetString()!.Length);
    }

    [Fact]
    public async Task Erasing_again_erases_what_has_been_logged_since()
    {
        var erasure = AuditErasure.ByUser("u");
        await Audit.LogAsync([new AuditEntry { UserId = "u" }, new AuditEntry { UserId = "u" }], Cancellation);
        Assert.Equal(2, await Maintenance.EraseAsync(erasure, Cancellation));
        Assert.Equal(0, await Maintenance.EraseAsync(erasure, Cancellation));
        await Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);

        Assert.Equal(1, await Maintenance.EraseAsync(erasure, Cancellation));

        Assert.Equal([2, 0, 1], (await AllAsync()).Where(r => r.EventType == "audit.erase").Select(r => Number(r.Details!.Value, "rows")));
        await AssertIntactAsync(rows: 6);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("session")]
    [InlineData("run")]
    public async Task An_outcome_of_an_erased_action_is_erased_with_the_next_erasure(string by)
    {
        var pending = new AuditEntry { UserId = "user-1", SessionId = "session-1", RunId = "run-1", Status = AuditStatus.Pending };
        var receipt = await Audit.LogAsync(pending, Cancellation);
        await Maintenance.EraseAsync(What(by, "1"), Cancellation);
        await Audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.Success, Json("\"secret\"")), Cancellation);

        Assert.Equal(1, await Maintenance.EraseAsync(What(by, "1"), Cancellation));

        Assert.Null((await Audit.FindAsync(receipt.Id, Cancellation))!.Output);
        await AssertIntactAsync(rows: 4);
    }

    [Fact]
    public async Task What_a_transaction_has_logged_is_erased_once_it_has_committed()
    {
        await using (var transaction = await OwnAgent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync(new AuditEntry { UserId = "user-1", Input = Json("\"secret\"") }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(1, await Maintenance.EraseAsync(AuditErasure.ByUser("user-1"), Cancellation));

        Assert.DoesNotContain("secret", string.Join('\n', await TextsAsync()), StringComparison.Ordinal);
        await AssertIntactAsync(rows: 2);
    }

    private static AuditErasure What(string by, string id) => by switch
    {
        "user" => AuditErasure.ByUser($"user-{id}"),
        "session" => AuditErasure.BySession($"session-{id}"),
        _ => AuditErasure.ByRun($"run-{id}"),
    };

    /// <summary>All text of the log, as it is stored.</summary>
    private async Task<List<string>> TextsAsync()
    {
        await using var connection = await OwnDatabase.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM agent_audit_log";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            texts.AddRange(Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}"));
        }

        return texts;
    }
}
