using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditMaintenanceTests(TestDatabases databases) : DatabaseTests(databases)
{
    // The suite looks at whole tables, so every test has a database of its own.
    private TestDatabase _database = null!;
    private Agent _agent = null!;

    private IAuditLogger Audit => _agent.Audit;

    private IAuditMaintenance Maintenance => _agent.AuditMaintenance;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _database = await Databases.CreateAsync();
        _agent = new Agent(_database);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.DisposeAsync();
        await base.DisposeAsync();
    }

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
        await Audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.Failure, Json("\"secret out\""), "secret failure"), Cancellation);
        var other = new AuditEntry { RunId = "run-2", UserId = "user-2", SessionId = "session-2", Input = Json("1") };
        var kept = await Audit.LogAsync(other, Cancellation);
        var before = (await Audit.FindAsync(receipt.Id, Cancellation))!;

        Assert.Equal(2, await Maintenance.EraseAsync(What(by, "1"), Cancellation));

        var erased = await Audit.FindAsync(receipt.Id, Cancellation);
        Assert.Equal(before with { UserId = null, Input = null, Output = null, Details = null, ErrorMessage = null, IsErased = true }, erased);
        Assert.Equal(("user-2", "1", false), await Audit.FindAsync(kept.Id, Cancellation) is { } r ? (r.UserId, r.Input?.GetRawText(), r.IsErased) : default);
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
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync(new AuditEntry { UserId = "user-1", Input = Json("\"secret\"") }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(1, await Maintenance.EraseAsync(AuditErasure.ByUser("user-1"), Cancellation));

        Assert.DoesNotContain("secret", string.Join('\n', await TextsAsync()), StringComparison.Ordinal);
        await AssertIntactAsync(rows: 2);
    }

    [Fact]
    public async Task An_entry_that_only_looks_like_maintenance_harms_nothing()
    {
        await Audit.LogAsync(new AuditEntry { EventType = "audit.erase", Details = Json("""{"rows":7,"sha256":"x","by":"user"}""") }, Cancellation);
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
        await using var second = new Agent(_database);
        var work = new List<Task>();
        foreach (var agent in new[] { _agent, second })
        {
            work.Add(Repeat(20, i => agent.Audit.LogAsync(new AuditEntry { UserId = $"u{i % 4}", IdempotencyKey = NewId("k") }, Cancellation)));
            work.Add(Repeat(10, i => agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser($"u{i % 4}"), Cancellation)));
            work.Add(Repeat(10, i => agent.AuditMaintenance.PruneAsync(20 * (i + 1), Cancellation)));
        }

        await Task.WhenAll(work);

        Assert.True((await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
        Assert.Equal(200L, Convert.ToInt64(await _database.ScalarAsync("SELECT pruned_sequence FROM agent_audit_head"), null));
    }

    [Fact]
    public async Task An_action_that_is_pruned_while_it_is_completed_is_gone()
    {
        var pending = await Audit.LogAsync(new AuditEntry { UserId = "u", Status = AuditStatus.Pending }, Cancellation);
        var late = new AuditLogger(
            _agent.Get<OwnConnectionExecutor>(),
            new DelayedAppender(
                _agent.Get<SharedAuditAppender>(),
                async () =>
                {
                    await Maintenance.PruneAsync(1, Cancellation);
                    await LogAsync(1);
                }));

        await Assert.ThrowsAsync<AuditEntryNotFoundException>(
            () => late.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success, Json("\"secret\"")), Cancellation));

        Assert.DoesNotContain("secret", string.Join('\n', await TextsAsync()), StringComparison.Ordinal);
        await AssertIntactAsync(rows: 2);
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

    private static AuditErasure What(string by, string id) => by switch
    {
        "user" => AuditErasure.ByUser($"user-{id}"),
        "session" => AuditErasure.BySession($"session-{id}"),
        _ => AuditErasure.ByRun($"run-{id}"),
    };

    private async Task LogAsync(int count)
    {
        foreach (var batch in Enumerable.Repeat(new AuditEntry { UserId = "u" }, count).Chunk(1_000))
        {
            await Audit.LogAsync(batch, Cancellation);
        }
    }

    private Task<IReadOnlyList<AuditRecord>> AllAsync() => Audit.QueryAsync(new AuditQuery { OldestFirst = true }, Cancellation);

    private async Task AssertIntactAsync(long rows) =>
        Assert.Equal(new AuditVerification(true, rows, null, null), await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation));

    /// <summary>All text of the log, as it is stored.</summary>
    private async Task<List<string>> TextsAsync()
    {
        await using var connection = await _database.OpenAsync();
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

    private static int Number(JsonElement details, string name) => details.GetProperty(name).GetInt32();

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    /// <summary>Something happens between what an append was made from and the append.</summary>
    private sealed class DelayedAppender(IAuditAppender appender, Func<Task> meanwhile) : IAuditAppender
    {
        public async Task AppendAsync(AuditAppend append, CancellationToken cancellationToken)
        {
            await meanwhile();
            await appender.AppendAsync(append, cancellationToken);
        }
    }
}
