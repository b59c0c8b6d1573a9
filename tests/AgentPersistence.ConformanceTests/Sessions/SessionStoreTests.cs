using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Sessions;

public abstract class SessionStoreTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly JsonElement Empty = Json("{}");

    private ISessionStore Sessions => Agent.Sessions;

    [Fact]
    public async Task A_created_session_comes_back_as_it_was_given()
    {
        var session = new NewSession
        {
            Id = NewId("session"),
            UserId = "user-1",
            State = Json("""{ "slot" : "name",  "n": 1.50, "n": 2 }"""),
            CurrentIntent = "create_account",
            TimeToLive = TimeSpan.FromHours(1),
        };

        var created = await Sessions.CreateAsync(session, Cancellation);
        var found = await Sessions.FindAsync(session.Id, Cancellation);

        Assert.Equal(created, found);
        Assert.Equal(session.Id, created.Id);
        Assert.Equal("user-1", created.UserId);
        Assert.Equal("""{ "slot" : "name",  "n": 1.50, "n": 2 }""", created.State?.GetRawText());
        Assert.Equal("create_account", created.CurrentIntent);
        Assert.Equal(SessionStatus.Active, created.Status);
        Assert.Equal(1, created.Version);
        Assert.Equal(created.CreatedAt, created.LastActivity);
        Assert.Equal(created.CreatedAt + TimeSpan.FromHours(1), created.ExpiresAt);
        Assert.InRange(created.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task A_session_without_anything_gets_an_id_and_never_expires()
    {
        var created = await Sessions.CreateAsync(new NewSession(), Cancellation);

        Assert.Equal(7, Guid.Parse(created.Id).Version);
        Assert.Null(created.State);
        Assert.Null(created.UserId);
        Assert.Null(created.ExpiresAt);
        Assert.Equal(created, await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task A_JSON_null_and_no_state_stay_different()
    {
        var none = await Sessions.CreateAsync(new NewSession(), Cancellation);
        var jsonNull = await Sessions.CreateAsync(new NewSession { State = Json("null") }, Cancellation);

        Assert.Null((await Sessions.FindAsync(none.Id, Cancellation))!.State);
        Assert.Equal(JsonValueKind.Null, (await Sessions.FindAsync(jsonNull.Id, Cancellation))!.State!.Value.ValueKind);
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_and_the_first_session_stays()
    {
        var first = await Sessions.CreateAsync(new NewSession { UserId = "first" }, Cancellation);

        var refused = await Assert.ThrowsAsync<DuplicateSessionException>(
            () => Sessions.CreateAsync(new NewSession { Id = first.Id, UserId = "second" }, Cancellation));

        Assert.Equal(first.Id, refused.SessionId);
        Assert.Equal(first, await Sessions.FindAsync(first.Id, Cancellation));
    }

    [Fact]
    public async Task Saving_replaces_the_state_raises_the_version_and_keeps_the_intent_unless_given()
    {
        var created = await Sessions.CreateAsync(new NewSession { UserId = "u", CurrentIntent = "transfer", State = Empty }, Cancellation);

        var saved = await Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("[1]") }, Cancellation);
        var savedAgain = await Sessions.SaveStateAsync(
            created.Id, new SessionUpdate { State = Json("[2]"), CurrentIntent = "pay", ExpectedVersion = 2 }, Cancellation);

        Assert.Equal(("[1]", "transfer", 2L), (saved.State!.Value.GetRawText(), saved.CurrentIntent, saved.Version));
        Assert.Equal(("[2]", "pay", 3L), (savedAgain.State!.Value.GetRawText(), savedAgain.CurrentIntent, savedAgain.Version));
        Assert.True(savedAgain.LastActivity >= created.LastActivity);
        Assert.Equal(created.CreatedAt, savedAgain.CreatedAt);
        Assert.Equal(savedAgain, await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task Saving_with_a_stale_version_changes_nothing()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty }, Cancellation);
        var saved = await Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("1"), ExpectedVersion = 1 }, Cancellation);

        var conflict = await Assert.ThrowsAsync<SessionConflictException>(
            () => Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("2"), ExpectedVersion = 1 }, Cancellation));

        Assert.Equal((1L, 2L), (conflict.ExpectedVersion, conflict.ActualVersion));
        Assert.Equal(saved, await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task An_unknown_session_is_null_when_looked_for_and_an_error_when_written()
    {
        var id = NewId("nobody");

        Assert.Null(await Sessions.FindAsync(id, Cancellation));
        await Assert.ThrowsAsync<SessionNotFoundException>(
            () => Sessions.SaveStateAsync(id, new SessionUpdate { State = Empty }, Cancellation));
        await Assert.ThrowsAsync<SessionNotFoundException>(() => Sessions.EndAsync(id, cancellationToken: Cancellation));
        Assert.False(await Sessions.DeleteAsync(id, Cancellation));
    }

    [Fact]
    public async Task An_ended_session_takes_no_more_saves_and_ending_it_again_alike_changes_nothing()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty }, Cancellation);

        var ended = await Sessions.EndAsync(created.Id, SessionStatus.Abandoned, Cancellation);
        var endedAgain = await Sessions.EndAsync(created.Id, SessionStatus.Abandoned, Cancellation);
        var save = await Assert.ThrowsAsync<SessionEndedException>(
            () => Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("1") }, Cancellation));
        var otherwise = await Assert.ThrowsAsync<SessionEndedException>(
            () => Sessions.EndAsync(created.Id, SessionStatus.Completed, Cancellation));

        Assert.Equal((SessionStatus.Abandoned, 2L), (ended.Status, ended.Version));
        Assert.Equal(ended, endedAgain);
        Assert.Equal((SessionStatus.Abandoned, SessionStatus.Abandoned), (save.Status, otherwise.Status));
        Assert.Equal(ended, await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task A_session_cannot_be_ended_as_active()
    {
        var created = await Sessions.CreateAsync(new NewSession(), Cancellation);

        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => Sessions.EndAsync(created.Id, SessionStatus.Active, Cancellation));

        Assert.Equal("status", refused.ParamName);
    }

    [Fact]
    public async Task A_save_slides_the_expiry_and_a_session_past_it_reads_as_expired()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var agent = new Agent(Database, time);
        var created = await agent.Sessions.CreateAsync(
            new NewSession { State = Empty, TimeToLive = TimeSpan.FromMinutes(10) }, Cancellation);

        time.Advance(TimeSpan.FromMinutes(9));
        var saved = await agent.Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("1") }, Cancellation);
        time.Advance(TimeSpan.FromMinutes(10));
        var found = await agent.Sessions.FindAsync(created.Id, Cancellation);
        var refused = await Assert.ThrowsAsync<SessionEndedException>(
            () => agent.Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("2") }, Cancellation));
        var ended = await agent.Sessions.EndAsync(created.Id, SessionStatus.Expired, Cancellation);

        Assert.Equal(created.CreatedAt + TimeSpan.FromMinutes(19), saved.ExpiresAt);
        Assert.Equal(saved with { Status = SessionStatus.Expired }, found);
        Assert.Equal(SessionStatus.Expired, refused.Status);
        Assert.Equal(found, ended);
    }

    [Fact]
    public async Task The_expiry_is_judged_by_one_clock_whatever_the_hosts_say()
    {
        var created = await Sessions.CreateAsync(new NewSession { TimeToLive = TimeSpan.FromMilliseconds(50) }, Cancellation);

        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);

        Assert.Equal(SessionStatus.Expired, (await Sessions.FindAsync(created.Id, Cancellation))!.Status);
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_by_user_status_and_time()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        await using var agent = new Agent(Database, time);
        var user = NewId("user");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var session = new NewSession { UserId = user, TimeToLive = TimeSpan.FromHours(i == 1 ? 1 : 9) };
            ids.Add((await agent.Sessions.CreateAsync(session, Cancellation)).Id);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await agent.Sessions.EndAsync(ids[3], cancellationToken: Cancellation);
        time.Advance(TimeSpan.FromHours(2));

        async Task<IEnumerable<int>> Found(SessionQuery query) =>
            (await agent.Sessions.QueryAsync(query with { UserId = user }, Cancellation)).Select(s => ids.IndexOf(s.Id));

        Assert.Equal([4, 3, 2, 1, 0], await Found(new SessionQuery()));
        Assert.Equal([4, 2, 0], await Found(new SessionQuery { Status = SessionStatus.Active }));
        Assert.Equal([1], await Found(new SessionQuery { Status = SessionStatus.Expired }));
        Assert.Equal([3], await Found(new SessionQuery { Status = SessionStatus.Completed }));
        Assert.Equal([4, 3], await Found(new SessionQuery { From = new DateTimeOffset(2026, 4, 1, 0, 3, 0, TimeSpan.Zero) }));
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_even_where_creation_times_are_equal()
    {
        await using var agent = new Agent(Database, new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)));
        var user = NewId("user");
        var created = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            created.Add((await agent.Sessions.CreateAsync(new NewSession { Id = NewId("é\u4e2d"), UserId = user }, Cancellation)).Id);
        }

        var read = new List<string>();
        for (AgentSession? last = null; ;)
        {
            var page = await agent.Sessions.QueryAsync(new SessionQuery { UserId = user, After = last, Limit = 3 }, Cancellation);
            read.AddRange(page.Select(s => s.Id));
            if (page.Count < 3)
            {
                break;
            }

            last = page[^1];
        }

        Assert.Equal(created.OrderDescending(StringComparer.Ordinal), read);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_500)]
    public async Task Few_sessions_past_their_expiry_and_many_are_paged_alike(int count)
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, time);
        var expired = new List<string>();
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            for (var i = 0; i < count; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(i % 3));
                await transaction.Sessions.CreateAsync(new NewSession { TimeToLive = TimeSpan.FromDays(1) }, Cancellation);
                expired.Add((await transaction.Sessions.CreateAsync(
                    new NewSession { TimeToLive = TimeSpan.FromMinutes(1 + (i % 7)) }, Cancellation)).Id);
            }

            await transaction.Sessions.EndAsync(expired[0], SessionStatus.Expired, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        time.Advance(TimeSpan.FromHours(1));
        var all = await agent.Sessions.QueryAsync(new SessionQuery { Limit = 10_000 }, Cancellation);
        var query = new SessionQuery { Status = SessionStatus.Expired, Limit = 40 };
        var first = await agent.Sessions.QueryAsync(query, Cancellation);
        var second = await agent.Sessions.QueryAsync(query with { After = first[^1] }, Cancellation);
        var whole = await agent.Sessions.QueryAsync(query with { Limit = 10_000 }, Cancellation);

        Assert.Equal(expired.Order(), whole.Select(s => s.Id).Order());
        Assert.Equal(all.Where(s => s.Status == SessionStatus.Expired), whole);
        Assert.Equal(whole.Take(80), first.Concat(second));
    }

    [Fact]
    public async Task A_deleted_session_is_gone()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty }, Cancellation);

        Assert.True(await Sessions.DeleteAsync(created.Id, Cancellation));
        Assert.False(await Sessions.DeleteAsync(created.Id, Cancellation));
        Assert.Null(await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task A_page_cannot_go_on_after_a_session_without_an_id()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => Sessions.QueryAsync(new SessionQuery { After = new AgentSession { Id = "a\0b" } }, Cancellation));

        Assert.Equal(nameof(SessionQuery.After), refused.ParamName);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });
}
