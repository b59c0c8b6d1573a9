using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditLoggerTests(TestDatabases databases) : DatabaseTests(databases)
{
    private IAuditLogger Audit => Agent.Audit;

    [Fact]
    public async Task An_entry_comes_back_as_it_was_given()
    {
        var entry = new AuditEntry
        {
            RunId = NewId("run"),
            UserId = "user-1",
            SessionId = NewId("session"),
            EventType = "tool_call",
            Intent = "book",
            Action = "book_flight",
            Input = Json("""{ "b" : 1.50, "a":[1,2 ] }"""),
            Output = Json("null"),
            Details = Json("\"\\u0000 \\ud800\""),
            ErrorMessage = "none, really",
            IdempotencyKey = NewId("key"),
            OccurredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(67),
        };

        var receipt = await Audit.LogAsync(entry, Cancellation);
        var found = await Audit.FindAsync(receipt.Id, Cancellation);

        Assert.NotNull(found);
        Assert.False(receipt.AlreadyLogged);
        Assert.Equal(receipt.Sequence, found.Sequence);
        Assert.Equal((entry.RunId, entry.UserId, entry.SessionId), (found.RunId, found.UserId, found.SessionId));
        Assert.Equal((entry.EventType, entry.Intent, entry.Action), (found.EventType, found.Intent, found.Action));
        Assert.Equal("""{ "b" : 1.50, "a":[1,2 ] }""", found.Input?.GetRawText());
        Assert.Equal("null", found.Output?.GetRawText());
        Assert.Equal("\"\\u0000 \\ud800\"", found.Details?.GetRawText());
        Assert.Equal((AuditStatus.Success, entry.ErrorMessage, entry.IdempotencyKey), (found.Status, found.ErrorMessage, found.IdempotencyKey));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 1, 4, 5, TimeSpan.Zero).AddMicroseconds(6), found.OccurredAt);
        Assert.Equal(found.CreatedAt, found.UpdatedAt);
        Assert.InRange(found.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(found, await Audit.FindByIdempotencyKeyAsync(entry.IdempotencyKey, Cancellation));
    }

    [Fact]
    public async Task An_empty_entry_is_an_entry()
    {
        var receipt = await Audit.LogAsync(new AuditEntry(), Cancellation);
        var found = (await Audit.FindAsync(receipt.Id, Cancellation))!;
        Assert.Null(found.Input);
        Assert.Null(found.UserId);
        Assert.Equal(found.CreatedAt, found.OccurredAt);
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await Audit.FindAsync(Guid.CreateVersion7(), Cancellation));
        Assert.Null(await Audit.FindByIdempotencyKeyAsync(NewId("key"), Cancellation));
    }

    [Fact]
    public async Task Logging_again_under_the_same_key_stores_nothing_and_returns_the_first_receipt()
    {
        var key = NewId("key");
        var first = await Audit.LogAsync(new AuditEntry { IdempotencyKey = key, Action = "first" }, Cancellation);

        var second = await Audit.LogAsync(new AuditEntry { IdempotencyKey = key, Action = "second" }, Cancellation);

        Assert.Equal(first with { AlreadyLogged = true }, second);
        Assert.Equal("first", (await Audit.FindByIdempotencyKeyAsync(key, Cancellation))!.Action);
    }

    [Fact]
    public async Task Of_many_concurrent_entries_with_one_key_one_is_stored_and_its_neighbours_are_untouched()
    {
        var (key, run) = (NewId("key"), NewId("run"));

        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Audit.LogAsync(
            new AuditEntry { RunId = run, IdempotencyKey = i % 2 == 0 ? key : null }, Cancellation)));

        Assert.Equal(49, receipts.Count(r => r.AlreadyLogged));
        Assert.Single(receipts.Where((_, i) => i % 2 == 0).Select(r => (r.Id, r.Sequence)).Distinct());
        Assert.Equal(51, (await Audit.GetByRunAsync(run, Cancellation)).Count);
    }

    [Fact]
    public async Task Many_entries_are_logged_with_consecutive_sequences_in_their_order()
    {
        var receipts = await Audit.LogAsync([.. Enumerable.Range(0, 20).Select(i => new AuditEntry { Action = $"a{i}" })], Cancellation);

        var start = receipts[0].Sequence!.Value;
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long?)(start + i)), receipts.Select(r => r.Sequence));
        Assert.Equal("a7", (await Audit.FindAsync(receipts[7].Id, Cancellation))!.Action);
    }

    [Fact]
    public async Task More_entries_than_one_commit_holds_are_still_all_or_none()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);

        var receipts = await agent.Audit.LogAsync([.. Enumerable.Range(0, 2_500).Select(_ => new AuditEntry())], Cancellation);

        Assert.Equal(Enumerable.Range(1, 2_500).Select(i => (long?)i), receipts.Select(r => r.Sequence));
        Assert.Equal(2_500, await database.CountAsync("agent_audit_log"));
    }

    [Fact]
    public async Task One_bad_entry_of_many_leaves_all_unlogged()
    {
        var run = NewId("run");

        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Audit.LogAsync(
            [new AuditEntry { RunId = run }, new AuditEntry { RunId = run, IdempotencyKey = " " }], Cancellation));

        Assert.Equal(nameof(AuditEntry.IdempotencyKey), refused.ParamName);
        Assert.Empty(await Audit.GetByRunAsync(run, Cancellation));
        Assert.Empty(await Audit.LogAsync([], Cancellation));
    }

    [Fact]
    public async Task Sequences_are_gap_free_whoever_writes()
    {
        await using var database = await Databases.CreateAsync();
        await using var one = new Agent(database);
        await using var two = new Agent(database);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : two).Audit.LogAsync(
            new AuditEntry { IdempotencyKey = i % 10 == 0 ? $"key-{i % 100}" : null }, Cancellation)));

        var stored = receipts.Where(r => !r.AlreadyLogged).Select(r => r.Sequence!.Value).Order();
        Assert.Equal(Enumerable.Range(1, 370).Select(i => (long)i), stored);
        Assert.Equal(370, await database.CountAsync("agent_audit_log"));
    }

    [Fact]
    public async Task A_pending_entry_is_completed_once()
    {
        var pending = await Audit.LogAsync(
            new AuditEntry { Status = AuditStatus.Pending, Action = "pay", Input = Json("1"), Output = Json("0") }, Cancellation);

        var completed = await Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success, Json("[42]")), Cancellation);
        var late = await Assert.ThrowsAsync<AuditConflictException>(
            () => Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Failure), Cancellation));
        var record = (await Audit.FindAsync(pending.Id, Cancellation))!;

        Assert.Equal(AuditStatus.Success, late.CurrentStatus);
        Assert.Equal(pending.Id, completed.Id);
        Assert.True(completed.Sequence > pending.Sequence);
        Assert.Equal((pending.Sequence, AuditStatus.Success), (record.Sequence, record.Status));
        Assert.Equal(("[42]", "1"), (record.Output?.GetRawText(), record.Input?.GetRawText()));
        Assert.True(record.UpdatedAt >= record.CreatedAt);
    }

    [Fact]
    public async Task What_succeeded_or_failed_may_be_rolled_back_and_keeps_what_it_gave_back()
    {
        var pending = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);
        await Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success, Json("\"out\""), "note"), Cancellation);
        await Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation);
        var failed = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Failure, ErrorMessage = "broke" }, Cancellation);
        await Audit.CompleteAsync(failed.Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation);

        var record = (await Audit.FindAsync(pending.Id, Cancellation))!;
        var final = await Assert.ThrowsAsync<AuditConflictException>(
            () => Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.RolledBack), Cancellation));

        Assert.Equal((AuditStatus.RolledBack, "\"out\"", "note"), (record.Status, record.Output?.GetRawText(), record.ErrorMessage));
        Assert.Equal(AuditStatus.RolledBack, final.CurrentStatus);
        Assert.Equal("broke", (await Audit.FindAsync(failed.Id, Cancellation))!.ErrorMessage);
    }

    [Fact]
    public async Task Of_50_concurrent_outcomes_one_is_stored()
    {
        await using var other = new Agent(Database);
        var pending = await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending }, Cancellation);

        var outcomes = Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? Agent : other).Audit.CompleteAsync(
            pending.Id, new AuditOutcome(i % 3 == 0 ? AuditStatus.Success : AuditStatus.Failure), Cancellation)).ToList();
        await Task.WhenAny(Task.WhenAll(outcomes), Task.Delay(Timeout.Infinite, Cancellation));

        Assert.Equal(1, outcomes.Count(o => o.IsCompletedSuccessfully));
        Assert.Equal(49, outcomes.Count(o => o.Exception?.InnerException is AuditConflictException));
    }

    [Fact]
    public async Task An_unknown_action_or_a_pending_outcome_is_refused()
    {
        await Assert.ThrowsAsync<AuditEntryNotFoundException>(
            () => Audit.CompleteAsync(Guid.CreateVersion7(), new AuditOutcome(AuditStatus.Success), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Audit.CompleteAsync(Guid.CreateVersion7(), new AuditOutcome(AuditStatus.Pending), Cancellation));
    }

    [Fact]
    public async Task A_query_narrows_by_every_member()
    {
        var (run, session, user) = (NewId("run"), NewId("session"), NewId("user"));
        var time = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 6; i++)
        {
            await Audit.LogAsync(
                new AuditEntry
                {
                    RunId = run,
                    UserId = i < 3 ? user : null,
                    SessionId = i < 2 ? session : null,
                    EventType = i == 4 ? "e" : "other",
                    Intent = i == 5 ? "i" : "other",
                    Action = $"{i}",
                    Status = i == 0 ? AuditStatus.Pending : AuditStatus.Success,
                    OccurredAt = time.AddMinutes(i),
                },
                Cancellation);
        }

        async Task<string> Found(AuditQuery query) => string.Concat((await Audit.QueryAsync(query with { RunId = run }, Cancellation)).Select(r => r.Action));

        Assert.Equal("543210", await Found(new AuditQuery()));
        Assert.Equal("012345", await Found(new AuditQuery { OldestFirst = true }));
        Assert.Equal("210", await Found(new AuditQuery { UserId = user }));
        Assert.Equal("10", await Found(new AuditQuery { SessionId = session }));
        Assert.Equal("4", await Found(new AuditQuery { EventType = "e" }));
        Assert.Equal("5", await Found(new AuditQuery { Intent = "i" }));
        Assert.Equal("3", await Found(new AuditQuery { Action = "3" }));
        Assert.Equal("0", await Found(new AuditQuery { Status = AuditStatus.Pending }));
        Assert.Equal("32", await Found(new AuditQuery { From = time.AddMinutes(2), To = time.AddMinutes(4) }));
        Assert.Equal("54", await Found(new AuditQuery { Limit = 2 }));
        Assert.Equal("210", string.Concat((await Audit.GetByUserAsync(user, cancellationToken: Cancellation)).Select(r => r.Action)));
        Assert.Equal("01", string.Concat((await Audit.GetBySessionAsync(session, Cancellation)).Select(r => r.Action)));
    }

    [Fact]
    public async Task Pages_go_on_from_the_last_sequence_in_either_direction()
    {
        var run = NewId("run");
        await Audit.LogAsync([.. Enumerable.Range(0, 7).Select(i => new AuditEntry { RunId = run, Action = $"{i}" })], Cancellation);

        async Task<string> Read(AuditQuery query)
        {
            var read = "";
            while (await Audit.QueryAsync(query with { RunId = run, Limit = 3 }, Cancellation) is { Count: > 0 } page)
            {
                read += string.Concat(page.Select(r => r.Action));
                query = query with { AfterSequence = page[^1].Sequence };
            }

            return read;
        }

        Assert.Equal("6543210", await Read(new AuditQuery()));
        Assert.Equal("0123456", await Read(new AuditQuery { OldestFirst = true }));
    }

    [Fact]
    public async Task An_entry_cancelled_before_its_commit_is_withdrawn()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var run = NewId("run");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Audit.LogAsync(new AuditEntry { RunId = run }, cancelled.Token));

        Assert.Empty(await Audit.GetByRunAsync(run, Cancellation));
    }

    [Fact]
    public async Task Disposing_commits_what_waits_and_refuses_what_comes_later()
    {
        await using var database = await Databases.CreateAsync();
        var agent = new Agent(database);
        var audit = agent.Audit;

        var logs = Enumerable.Range(0, 200).Select(_ => audit.LogAsync(new AuditEntry(), Cancellation)).ToList();
        await agent.DisposeAsync();
        await Task.WhenAll(logs);

        Assert.Equal(200, await database.CountAsync("agent_audit_log"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => audit.LogAsync(new AuditEntry(), Cancellation));
    }

    [Fact]
    public async Task A_caller_may_dispose_its_document_as_soon_as_it_has_the_task()
    {
        Task<AuditReceipt> logged;
        using (var document = JsonDocument.Parse("""{"kept":true}"""))
        {
            logged = Audit.LogAsync(new AuditEntry { Input = document.RootElement }, Cancellation);
        }

        Assert.Equal("""{"kept":true}""", (await Audit.FindAsync((await logged).Id, Cancellation))!.Input?.GetRawText());
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
