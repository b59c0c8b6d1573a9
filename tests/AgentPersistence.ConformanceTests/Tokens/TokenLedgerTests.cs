using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

public abstract class TokenLedgerTests(TestDatabases databases) : TokenTests(databases)
{
    [Fact]
    public async Task An_entry_comes_back_with_all_its_members()
    {
        var (thread, job, run) = (Guid.CreateVersion7(), Guid.CreateVersion7(), NewId("run"));
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var entry = new NewTokenEntry
        {
            Scope = TokenScopes.Proactive,
            Provider = "anthropic",
            Model = "claude",
            Usage = new() { Input = 1, CacheRead = 20, CacheWrite = 300, Output = 4_000, Reasoning = 50_000 },
            RunId = run,
            CallId = "call",
            Attempt = 2,
            ThreadId = thread,
            JobId = job,
            UserId = "user",
            SessionId = "session",
            Cost = 0.0095719m,
            Currency = "EUR",
            OccurredAt = time,
        };

        var logged = await Tokens.LogAsync(entry, Cancellation);

        Assert.Equal(logged, await Tokens.FindAsync(logged.Id, Cancellation));
        Assert.Equal(logged, await Tokens.FindAsync(run, "call", 2, Cancellation));
        Assert.Null(await Tokens.FindAsync(run, "call", 1, Cancellation));
        Assert.Equal((TokenScopes.Proactive, "anthropic", "claude", entry.Usage), (logged.Scope, logged.Provider, logged.Model, logged.Usage));
        Assert.Equal((run, "call", 2, thread, job), (logged.RunId, logged.CallId, logged.Attempt, logged.ThreadId, logged.JobId));
        Assert.Equal(("user", "session", 0.0095719m, "EUR"), (logged.UserId, logged.SessionId, logged.Cost, logged.Currency));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 3, 6, 7, TimeSpan.Zero).AddTicks(1_234_560), logged.OccurredAt);
        Assert.Equal(54_321, logged.Usage.Total);
        Assert.Equal(54_321L, Convert.ToInt64(await Database.ScalarAsync(
            $"SELECT tokens_total FROM agent_token_ledger WHERE id = '{logged.Id}'"), null));
    }

    [Fact]
    public async Task The_least_that_a_seed_logs_is_enough()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-5);

        var logged = await Tokens.LogAsync(
            new NewTokenEntry { Scope = TokenScopes.Reactive, Provider = "anthropic", Usage = new() { Input = 100, Output = 50 } }, Cancellation);

        Assert.Equal((150L, 1, null, null), (logged.Usage.Total, logged.Attempt, logged.Cost, logged.Currency));
        Assert.InRange(logged.OccurredAt, before, DateTimeOffset.UtcNow.AddSeconds(5));
        Assert.Equal(logged, await Tokens.FindAsync(logged.Id, Cancellation));
    }

    [Fact]
    public async Task Logging_a_call_again_stores_nothing_and_another_content_is_refused()
    {
        var entry = Used(NewId("scope")) with { RunId = NewId("run"), CallId = "c", Cost = 0.5m, OccurredAt = DateTimeOffset.UtcNow };
        var first = await Tokens.LogAsync(entry, Cancellation);

        Assert.Equal(first with { AlreadyLogged = true }, await Tokens.LogAsync(entry, Cancellation));
        Assert.True((await Tokens.LogAsync(entry with { Cost = null, OccurredAt = null }, Cancellation)).AlreadyLogged);
        Assert.False((await Tokens.LogAsync(entry with { Attempt = 2 }, Cancellation)).AlreadyLogged);
        foreach (var other in (NewTokenEntry[])
        [
            entry with { Scope = "other" }, entry with { Provider = "other" }, entry with { Model = null },
            entry with { Usage = entry.Usage with { Reasoning = 1 } }, entry with { Usage = new() { Output = 1 } },
            entry with { UserId = "u" }, entry with { SessionId = "s" }, entry with { ThreadId = Guid.Empty }, entry with { JobId = Guid.Empty },
            entry with { Cost = 0.500000000001m }, entry with { Currency = "EUR" }, entry with { OccurredAt = entry.OccurredAt!.Value.AddMicroseconds(1) },
        ])
        {
            var conflict = await Assert.ThrowsAsync<TokenEntryConflictException>(() => Tokens.LogAsync(other, Cancellation));
            Assert.Equal((entry.RunId, "c", 1), (conflict.RunId, conflict.CallId, conflict.Attempt));
        }

        Assert.Equal(2, (await Tokens.QueryAsync(new() { RunId = entry.RunId }, Cancellation)).Count);
    }

    [Fact]
    public async Task Without_a_call_id_every_log_is_an_entry()
    {
        var entry = Used(NewId("scope")) with { RunId = NewId("run") };
        await Tokens.LogAsync([entry, entry], Cancellation);

        Assert.False((await Tokens.LogAsync(entry, Cancellation)).AlreadyLogged);
        Assert.Equal(3, (await Tokens.QueryAsync(new() { RunId = entry.RunId }, Cancellation)).Count);
    }

    [Fact]
    public async Task Many_entries_are_logged_all_or_none()
    {
        var (scope, run) = (NewId("scope"), NewId("run"));
        var known = Used(scope) with { RunId = run, CallId = "known" };
        await Tokens.LogAsync(known, Cancellation);

        var logged = await Tokens.LogAsync([Used(scope), known, Used(scope, 2) with { RunId = run, CallId = "new" }], Cancellation);
        await Assert.ThrowsAsync<TokenEntryConflictException>(
            () => Tokens.LogAsync([Used(scope), known with { Model = "other" }, Used(scope) with { RunId = run, CallId = "third" }], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Tokens.LogAsync([Used(scope), Used(" ")], Cancellation));

        Assert.Equal([false, true, false], logged.Select(e => e.AlreadyLogged));
        Assert.Equal(3, (await Tokens.QueryAsync(new() { Scope = scope }, Cancellation)).Count);
        Assert.Empty(await Tokens.LogAsync([], Cancellation));
    }

    [Fact]
    public async Task Concurrent_callers_log_each_call_once()
    {
        var (scope, run) = (NewId("scope"), NewId("run"));
        await using var other = new Agent(Database);

        var logged = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => (i % 2 == 0 ? Tokens : other.Tokens).LogAsync(
            Used(scope, i / 4) with { RunId = run, CallId = $"{i / 4}" }, Cancellation)));

        Assert.Equal(250, logged.Count(e => !e.AlreadyLogged));
        Assert.Equal(250, logged.DistinctBy(e => e.Id).Count());
        Assert.Equal(250, (await Tokens.QueryAsync(new() { Scope = scope, Limit = 1_000 }, Cancellation)).Count);
    }

    [Fact]
    public async Task A_cost_is_the_callers_or_the_price_of_that_day_and_stays_as_it_was()
    {
        var price = 2m;
        var asked = new List<TokenPriceRequest>();
        await using var priced = new Agent(Database, configure: o =>
        {
            o.Tokens.Currency = "EUR";
            o.Tokens.Pricing = request =>
            {
                asked.Add(request);
                return request.Model == "unknown" ? null : price * request.Usage.Input;
            };
        });
        var entry = Used(NewId("scope"), 3) with { RunId = NewId("run"), CallId = "c", OccurredAt = DateTimeOffset.UnixEpoch };

        var first = await priced.Tokens.LogAsync(entry, Cancellation);
        price = 5;
        var again = await priced.Tokens.LogAsync(entry, Cancellation);
        var own = await priced.Tokens.LogAsync(entry with { CallId = "own", Cost = 1, Currency = "USD" }, Cancellation);
        var unknown = await priced.Tokens.LogAsync(entry with { CallId = "unknown", Model = "unknown" }, Cancellation);

        Assert.Equal((6m, "EUR"), (first.Cost, first.Currency));
        Assert.Equal(first with { AlreadyLogged = true }, again);
        Assert.Equal((1m, "USD"), (own.Cost, own.Currency));
        Assert.Equal((null, null), (unknown.Cost, unknown.Currency));
        Assert.Equal(new TokenPriceRequest("p", "m", entry.Usage, DateTimeOffset.UnixEpoch), asked[0]);
        Assert.Equal(3, asked.Count);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => priced.Tokens.LogAsync(Used(" "), Cancellation));
        Assert.Equal(3, asked.Count);
        price = -1;
        await Assert.ThrowsAsync<InvalidOperationException>(() => priced.Tokens.LogAsync(Used("x"), Cancellation));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.000000000001")]
    [InlineData("0.0090519")]
    [InlineData("8999999.999999999999")]
    [InlineData("9000000")]
    public async Task A_cost_is_kept_to_the_trillionth(string cost)
    {
        var given = decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture);
        var logged = await Tokens.LogAsync(Used(NewId("scope")) with { Cost = given }, Cancellation);

        Assert.Equal(cost, (await Tokens.FindAsync(logged.Id, Cancellation))!.Cost!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_finer_cost_is_rounded_once_and_that_is_what_a_repeated_log_is_held_against()
    {
        var entry = Used(NewId("scope")) with { RunId = NewId("run"), CallId = "c", Cost = 1m / 3 };

        var logged = await Tokens.LogAsync(entry, Cancellation);

        Assert.Equal(0.333333333333m, logged.Cost);
        Assert.Equal(logged with { AlreadyLogged = true }, await Tokens.LogAsync(entry, Cancellation));
    }

    [Fact]
    public async Task Entries_are_read_page_by_page_newest_first_without_missing_one()
    {
        var scope = NewId("scope");
        var time = DateTimeOffset.UtcNow;
        await Tokens.LogAsync([.. Enumerable.Range(0, 50).Select(i => Used(scope, i) with { OccurredAt = time.AddSeconds(i / 5) })], Cancellation);

        var read = new List<TokenEntry>();
        while (await Tokens.QueryAsync(new() { Scope = scope, After = read.LastOrDefault(), Limit = 7 }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(50, read.DistinctBy(e => e.Id).Count());
        Assert.Equal(read.OrderByDescending(e => e.OccurredAt).ThenByDescending(e => $"{e.Id}", StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task Every_member_of_a_query_must_match()
    {
        var (scope, thread, job) = (NewId("scope"), Guid.CreateVersion7(), Guid.CreateVersion7());
        var time = DateTimeOffset.UtcNow.AddDays(-1);
        var (run, user, session) = (NewId("run"), NewId("user"), NewId("session"));
        var all = Used(scope) with
        {
            RunId = run, UserId = user, SessionId = session, ThreadId = thread, JobId = job, OccurredAt = time, Provider = "q", Model = "n",
        };
        var logged = await Tokens.LogAsync(all, Cancellation);
        await Tokens.LogAsync(Used(scope) with { OccurredAt = time.AddHours(-1) }, Cancellation);

        foreach (var query in (TokenQuery[])
        [
            new() { Scope = scope, Provider = "q" }, new() { Scope = scope, Model = "n" }, new() { RunId = run }, new() { UserId = user },
            new() { SessionId = session }, new() { ThreadId = thread }, new() { JobId = job },
            new() { Scope = scope, From = time }, new() { UserId = user, To = time.AddMicroseconds(1) },
        ])
        {
            Assert.Equal(logged, Assert.Single(await Tokens.QueryAsync(query, Cancellation)));
            Assert.Empty(await Tokens.QueryAsync(query with { Scope = NewId("scope") }, Cancellation));
        }

        Assert.Empty(await Tokens.QueryAsync(new() { UserId = user, To = time }, Cancellation));
        Assert.Single(await Tokens.QueryAsync(new() { Scope = scope, To = time }, Cancellation));
    }

    [Theory]
    [InlineData("tokens_total = tokens_total + 1")]
    [InlineData("cost = 1, currency = NULL")]
    [InlineData("cost = NULL, currency = 'USD'")]
    public async Task The_database_refuses_entries_that_cannot_be(string change)
    {
        var logged = await Tokens.LogAsync(Used(NewId("scope")) with { Cost = 1 }, Cancellation);

        var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => Database.ExecuteAsync($"UPDATE agent_token_ledger SET {change} WHERE id = '{logged.Id}'"));

        Assert.Contains("ck_agent_token_ledger", refused.Message, StringComparison.Ordinal);
    }
}
