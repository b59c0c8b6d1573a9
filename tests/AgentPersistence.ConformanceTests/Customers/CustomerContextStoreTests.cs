using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;

namespace AgentPersistence.ConformanceTests.Customers;

public abstract class CustomerContextStoreTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private ICustomerContextStore Customers => Agent.Customers;

    [Fact]
    public async Task What_is_set_comes_back_as_it_was_given()
    {
        var id = NewId("customer");
        var update = new CustomerContextUpdate
        {
            LastInteractionDate = Noon,
            TotalInteractions = 7,
            TotalDenials = 2,
            CustomNotes = Json("""{ "n" : 1.50, "n": 12345678901234567890, "s":"\u0000" }"""),
        };

        var set = await Customers.SetAsync(id, update, Cancellation);

        var expected = new CustomerContext
        {
            CustomerId = id,
            LastInteractionDate = Noon,
            TotalInteractions = 7,
            TotalDenials = 2,
            CustomNotes = update.CustomNotes,
            Version = 1,
        };
        Assert.Equal(expected, set);
        Assert.Equal(expected, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task An_unknown_customer_is_null_and_setting_nothing_creates_one_with_nothing()
    {
        var id = NewId("customer");

        Assert.Null(await Customers.FindAsync(id, Cancellation));
        var created = await Customers.SetAsync(id, new CustomerContextUpdate(), Cancellation);

        Assert.Equal(new CustomerContext { CustomerId = id, Version = 1 }, created);
    }

    [Fact]
    public async Task Setting_keeps_what_is_not_given_and_raises_the_version()
    {
        var id = NewId("customer");
        var first = await Customers.SetAsync(
            id,
            new CustomerContextUpdate { LastInteractionDate = Noon, TotalInteractions = 7, TotalDenials = 2, CustomNotes = Json("[1]") },
            Cancellation);

        var second = await Customers.SetAsync(id, new CustomerContextUpdate { TotalInteractions = 0 }, Cancellation);
        var third = await Customers.SetAsync(
            id, new CustomerContextUpdate { LastInteractionDate = Noon.AddDays(-1), CustomNotes = Json("null") }, Cancellation);

        Assert.Equal(first with { TotalInteractions = 0, Version = 2 }, second);
        Assert.Equal(second with { LastInteractionDate = Noon.AddDays(-1), CustomNotes = Json("null"), Version = 3 }, third);
        Assert.Equal(third, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task Setting_with_a_stale_version_changes_nothing()
    {
        var id = NewId("customer");
        await Customers.SetAsync(id, new CustomerContextUpdate(), Cancellation);
        var second = await Customers.SetAsync(id, new CustomerContextUpdate { TotalDenials = 1, ExpectedVersion = 1 }, Cancellation);

        var conflict = await Assert.ThrowsAsync<CustomerConflictException>(
            () => Customers.SetAsync(id, new CustomerContextUpdate { TotalDenials = 9, ExpectedVersion = 1 }, Cancellation));

        Assert.Equal((id, 1L, 2L), (conflict.CustomerId, conflict.ExpectedVersion, conflict.ActualVersion));
        Assert.Equal(second, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_customer_that_must_be_new_or_known_is_refused_otherwise()
    {
        var id = NewId("customer");

        var unknown = await Assert.ThrowsAsync<CustomerConflictException>(
            () => Customers.SetAsync(id, new CustomerContextUpdate { ExpectedVersion = 1 }, Cancellation));
        var created = await Customers.SetAsync(id, new CustomerContextUpdate { ExpectedVersion = 0 }, Cancellation);
        var known = await Assert.ThrowsAsync<CustomerConflictException>(
            () => Customers.SetAsync(id, new CustomerContextUpdate { ExpectedVersion = 0, TotalDenials = 3 }, Cancellation));

        Assert.Equal((1L, 0L), (unknown.ExpectedVersion, unknown.ActualVersion));
        Assert.Equal((0L, 1L), (known.ExpectedVersion, known.ActualVersion));
        Assert.Equal(created, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task Interactions_and_denials_are_counted_from_the_first()
    {
        var id = NewId("customer");
        var time = new ManualTimeProvider(Noon);
        await using var agent = new Agent(Database, time);

        var first = await agent.Customers.RecordInteractionAsync(id, new CustomerInteraction(), Cancellation);
        time.Advance(TimeSpan.FromHours(1));
        var second = await agent.Customers.RecordInteractionAsync(id, new CustomerInteraction { Denied = true }, Cancellation);

        Assert.Equal(new CustomerContext { CustomerId = id, LastInteractionDate = Noon, TotalInteractions = 1, Version = 1 }, first);
        Assert.Equal(
            first with { LastInteractionDate = Noon.AddHours(1), TotalInteractions = 2, TotalDenials = 1, Version = 2 }, second);
        Assert.Equal(second, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_late_interaction_counts_but_never_moves_the_latest_date_back()
    {
        var id = NewId("customer");

        await Customers.RecordInteractionAsync(id, new CustomerInteraction { OccurredAt = Noon }, Cancellation);
        var late = await Customers.RecordInteractionAsync(id, new CustomerInteraction { OccurredAt = Noon.AddDays(-3) }, Cancellation);
        var next = await Customers.RecordInteractionAsync(id, new CustomerInteraction { OccurredAt = Noon.AddSeconds(1) }, Cancellation);

        Assert.Equal((2L, Noon), (late.TotalInteractions, late.LastInteractionDate));
        Assert.Equal((3L, Noon.AddSeconds(1)), (next.TotalInteractions, next.LastInteractionDate));
    }

    [Fact]
    public async Task Notes_are_merged_and_what_is_untouched_keeps_its_text()
    {
        var id = NewId("customer");
        async Task<string?> MergedAsync(string? notes) => (await Customers.RecordInteractionAsync(
            id, new CustomerInteraction { Notes = notes is null ? null : Json(notes) }, Cancellation)).CustomNotes?.GetRawText();

        Assert.Null(await MergedAsync(null));
        Assert.Equal("""{ "limit" : 1.50, "vip": true }""", await MergedAsync("""{ "limit" : 1.50, "vip": true }"""));
        Assert.Equal("""{"limit":1.50,"seen":{"at": 1}}""", await MergedAsync("""{"vip":null,"seen":{"at": 1}}"""));
        Assert.Equal("""{"limit":1.50,"seen":{"at":1,"by":"é"}}""", await MergedAsync("""{"seen":{"by":"é"}}"""));
        Assert.Equal("""{"limit":1.50,"seen":{"at":1,"by":"é"}}""", await MergedAsync(null));
        Assert.Equal("[7]", await MergedAsync("[7]"));
        Assert.Equal("null", await MergedAsync("null"));
        Assert.Equal("null", (await Customers.FindAsync(id, Cancellation))!.CustomNotes?.GetRawText());
    }

    [Fact]
    public async Task Notes_that_would_grow_too_large_are_refused_and_nothing_is_counted()
    {
        await using var agent = new Agent(Database, configure: options => options.MaxJsonBytes = 1024);
        var id = NewId("customer");
        CustomerInteraction With(string name, int length) => new() { Notes = Json($$"""{"{{name}}":"{{new string('x', length)}}"}""") };
        var first = await agent.Customers.RecordInteractionAsync(id, With("a", 600), Cancellation);

        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => agent.Customers.RecordInteractionAsync(id, With("b", 600), Cancellation));

        Assert.Equal("Notes", refused.ParamName);
        Assert.Contains("1024", refused.Message, StringComparison.Ordinal);
        Assert.Equal(first, await agent.Customers.FindAsync(id, Cancellation));
        var exact = await agent.Customers.RecordInteractionAsync(id, With("a", 1024 - 8), Cancellation);
        Assert.Equal(1024, exact.CustomNotes!.Value.GetRawText().Length);
    }

    [Fact]
    public async Task Sixty_four_concurrent_interactions_of_a_new_customer_all_count_and_all_notes_are_there()
    {
        var id = NewId("customer");

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            () => Customers.RecordInteractionAsync(
                id, new CustomerInteraction { Denied = i % 2 == 0, Notes = Json($$"""{"n{{i}}":{{i}}}""") }, Cancellation),
            Cancellation)));

        var found = await Customers.FindAsync(id, Cancellation);
        Assert.Equal((64L, 32L, 64L), (found!.TotalInteractions, found.TotalDenials, found.Version));
        Assert.Equal(64, found.CustomNotes!.Value.EnumerateObject().Count());
        Assert.Equal(Enumerable.Range(1, 64).Select(v => (long)v), results.Select(r => r.Version).Order());
    }

    [Fact]
    public async Task Interactions_of_two_hosts_and_settings_between_them_all_count()
    {
        await using var other = new Agent(Database);
        var id = NewId("customer");

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(
            () => i % 3 == 0
                ? Customers.SetAsync(id, new CustomerContextUpdate { CustomNotes = Json($"{i}") }, Cancellation)
                : (i % 3 == 1 ? Agent : other).Customers.RecordInteractionAsync(id, new CustomerInteraction(), Cancellation),
            Cancellation)));

        var found = await Customers.FindAsync(id, Cancellation);
        Assert.Equal((40L, 60L), (found!.TotalInteractions, found.Version));
    }

    [Fact]
    public async Task Of_32_concurrent_settings_of_a_new_customer_one_succeeds()
    {
        var id = NewId("customer");

        var calls = Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Customers.SetAsync(id, new CustomerContextUpdate { TotalInteractions = i, ExpectedVersion = 0 }, Cancellation),
            Cancellation)).ToList();
        await Task.WhenAny(Task.WhenAll(calls), Task.Delay(Timeout.Infinite, Cancellation));

        var won = Assert.Single(calls, call => call.IsCompletedSuccessfully);
        Assert.Equal(
            31, calls.Count(c => c.Exception?.InnerException is CustomerConflictException { ExpectedVersion: 0, ActualVersion: 1 }));
        Assert.Equal(await won, await Customers.FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_deleted_customer_is_gone_and_starts_again_from_nothing()
    {
        var id = NewId("customer");
        await Customers.RecordInteractionAsync(id, new CustomerInteraction { Denied = true, Notes = Json("{}") }, Cancellation);

        Assert.True(await Customers.DeleteAsync(id, Cancellation));
        Assert.False(await Customers.DeleteAsync(id, Cancellation));
        Assert.Null(await Customers.FindAsync(id, Cancellation));
        var again = await Customers.RecordInteractionAsync(id, new CustomerInteraction { OccurredAt = Noon }, Cancellation);

        Assert.Equal(new CustomerContext { CustomerId = id, LastInteractionDate = Noon, TotalInteractions = 1, Version = 1 }, again);
    }

    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var (kept, dropped) = (NewId("kept"), NewId("dropped"));
        CustomerContext expected;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Customers.RecordInteractionAsync(kept, new CustomerInteraction(), Cancellation);
            expected = await transaction.Customers.SetAsync(
                kept, new CustomerContextUpdate { TotalDenials = 5, ExpectedVersion = 1 }, Cancellation);

            // An expected refusal leaves the transaction usable.
            await Assert.ThrowsAsync<CustomerConflictException>(
                () => transaction.Customers.SetAsync(kept, new CustomerContextUpdate { ExpectedVersion = 0 }, Cancellation));
            await transaction.CommitAsync(Cancellation);
        }

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Customers.RecordInteractionAsync(dropped, new CustomerInteraction(), Cancellation);
            await transaction.Customers.RecordInteractionAsync(kept, new CustomerInteraction(), Cancellation);
            await transaction.Customers.DeleteAsync(kept, Cancellation);
        }

        Assert.Equal(expected, await Customers.FindAsync(kept, Cancellation));
        Assert.Null(await Customers.FindAsync(dropped, Cancellation));
    }

    [Fact]
    public async Task Bad_input_is_refused_by_the_name_of_the_member_and_creates_nothing()
    {
        var id = NewId("customer");
        await Refused("customerId", () => Customers.FindAsync("", Cancellation));
        await Refused("customerId", () => Customers.DeleteAsync("\0", Cancellation));
        await Refused("customerId", () => Customers.SetAsync(new string('c', 256), new CustomerContextUpdate(), Cancellation));
        await Refused("customerId", () => Customers.RecordInteractionAsync(null!, new CustomerInteraction(), Cancellation));
        await Refused("update", () => Customers.SetAsync(id, null!, Cancellation));
        await Refused("interaction", () => Customers.RecordInteractionAsync(id, null!, Cancellation));
        await Refused("TotalInteractions", () => SetAsync(new CustomerContextUpdate { TotalInteractions = -1 }));
        await Refused("TotalDenials", () => SetAsync(new CustomerContextUpdate { TotalDenials = long.MaxValue }));
        await Refused("ExpectedVersion", () => SetAsync(new CustomerContextUpdate { ExpectedVersion = -1 }));
        await Refused("CustomNotes", () => SetAsync(new CustomerContextUpdate { CustomNotes = default(JsonElement) }));
        var undefined = new CustomerInteraction { Notes = default(JsonElement) };
        await Refused("Notes", () => Customers.RecordInteractionAsync(id, undefined, Cancellation));

        Assert.Null(await Customers.FindAsync(id, Cancellation));

        Task SetAsync(CustomerContextUpdate update) => Customers.SetAsync(id, update, Cancellation);
        static async Task Refused(string argument, Func<Task> call) =>
            Assert.Equal(argument, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });
}
