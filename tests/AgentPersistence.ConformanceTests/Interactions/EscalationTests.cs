using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

public abstract class EscalationTests(TestDatabases databases) : InteractionTests(databases)
{
    [Fact]
    public async Task An_escalation_comes_back_as_it_was_given_and_leaves_the_interaction_as_it_was()
    {
        var interaction = await Interactions.LogAsync(Asked(), Cancellation);

        var escalation = await Interactions.EscalateAsync(
            interaction.Id, new NewEscalation { TriggerType = "human_only", EscalationReason = "a loan é" }, Cancellation);

        Assert.Equal(7, escalation.Id.Version);
        Assert.Equal((interaction.Id, "human_only", "a loan é"), (escalation.InteractionId, escalation.TriggerType, escalation.EscalationReason));
        Assert.InRange(escalation.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal([escalation], await OfAsync(interaction.Id));
        Assert.Equal(interaction, await Interactions.FindAsync(interaction.Id, Cancellation));
    }

    [Fact]
    public async Task An_interaction_that_is_not_there_cannot_be_escalated()
    {
        var nowhere = Guid.CreateVersion7();

        var missing = await Assert.ThrowsAsync<InteractionNotFoundException>(
            () => Interactions.EscalateAsync(nowhere, Because(), Cancellation));

        Assert.Equal(nowhere, missing.InteractionId);
        Assert.Empty(await OfAsync(nowhere));
    }

    [Fact]
    public async Task Escalating_with_the_same_id_again_is_the_same_escalation_also_from_many_hosts_at_once()
    {
        await using var other = new Agent(Database);
        var interaction = (await Interactions.LogAsync(Asked(), Cancellation)).Id;
        var given = Because() with { Id = Guid.CreateVersion7() };

        var escalations = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => (i % 2 == 0 ? Agent : other).Interactions.EscalateAsync(interaction, given, Cancellation), Cancellation)));

        Assert.Equal([Assert.Single(escalations.Distinct())], await OfAsync(interaction));
    }

    [Fact]
    public async Task An_id_that_another_escalation_has_is_refused()
    {
        var (one, two) = ((await Interactions.LogAsync(Asked(), Cancellation)).Id, (await Interactions.LogAsync(Asked(), Cancellation)).Id);
        var given = Because() with { Id = Guid.CreateVersion7() };
        await Interactions.EscalateAsync(one, given, Cancellation);

        Task<EscalationConflictException> RefusedAsync(Guid interaction, NewEscalation escalation) =>
            Assert.ThrowsAsync<EscalationConflictException>(() => Interactions.EscalateAsync(interaction, escalation, Cancellation));

        Assert.Equal(given.Id, (await RefusedAsync(two, given)).EscalationId);
        await RefusedAsync(one, given with { TriggerType = "human_only" });
        await RefusedAsync(one, given with { EscalationReason = "other" });
        var empty = await Assert.ThrowsAsync<ArgumentException>(
            () => Interactions.EscalateAsync(one, given with { Id = Guid.Empty }, Cancellation));
        Assert.Equal(nameof(NewEscalation.Id), empty.ParamName);
        Assert.Single(await OfAsync(one));
        Assert.Empty(await OfAsync(two));
    }

    [Fact]
    public async Task Deleting_an_interaction_takes_its_escalations_and_no_others()
    {
        var (gone, kept) = ((await Interactions.LogAsync(Asked(), Cancellation)).Id, (await Interactions.LogAsync(Asked(), Cancellation)).Id);
        foreach (var interaction in new[] { gone, gone, kept })
        {
            await Interactions.EscalateAsync(interaction, Because(), Cancellation);
        }

        Assert.True(await Interactions.DeleteAsync(gone, Cancellation));
        Assert.False(await Interactions.DeleteAsync(gone, Cancellation));

        Assert.Null(await Interactions.FindAsync(gone, Cancellation));
        Assert.Empty(await OfAsync(gone));
        Assert.Single(await OfAsync(kept));
    }

    [Fact]
    public async Task Escalations_that_race_with_the_deletion_go_with_it_or_find_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var interaction = (await Interactions.LogAsync(Asked(), Cancellation)).Id;
            var escalations = Enumerable.Range(0, 6)
                .Select(_ => Task.Run(() => Interactions.EscalateAsync(interaction, Because(), Cancellation), Cancellation)).ToList();
            var deletion = Task.Run(() => Interactions.DeleteAsync(interaction, Cancellation), Cancellation);

            foreach (var escalation in escalations)
            {
                var thrown = await Record.ExceptionAsync(() => escalation);
                Assert.True(thrown is null or InteractionNotFoundException, $"{thrown}");
            }

            Assert.True(await deletion);
            Assert.Empty(await OfAsync(interaction));
        }
    }

    [Fact]
    public async Task Escalations_are_found_newest_first_by_trigger_and_time_and_pages_meet()
    {
        var time = new ManualTimeProvider(Start);
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, time);
        var interaction = (await agent.Interactions.LogAsync(Asked(), Cancellation)).Id;
        for (var i = 0; i < 8; i++)
        {
            await agent.Interactions.EscalateAsync(
                interaction, new NewEscalation { TriggerType = i % 2 == 0 ? "even" : "odd", EscalationReason = $"{i}" }, Cancellation);

            // Two by two at one time.
            time.Advance(TimeSpan.FromMinutes(i % 2));
        }

        async Task<string> Found(EscalationQuery query)
        {
            var read = new List<Escalation>();
            while (await agent.Interactions.QueryEscalationsAsync(
                query with { After = read.LastOrDefault(), Limit = 3 }, Cancellation) is { Count: > 0 } page)
            {
                read.AddRange(page);
            }

            return string.Concat(read.Select(e => e.EscalationReason));
        }

        Assert.Equal("76543210", await Found(new EscalationQuery()));
        Assert.Equal("76543210", await Found(new EscalationQuery { InteractionId = interaction }));
        Assert.Equal("6420", await Found(new EscalationQuery { TriggerType = "even" }));
        Assert.Equal("7654", await Found(new EscalationQuery { From = Start.AddMinutes(2) }));
        Assert.Equal("3210", await Found(new EscalationQuery { To = Start.AddMinutes(2) }));
        Assert.Equal("", await Found(new EscalationQuery { TriggerType = "Even" }));
    }

    private async Task<IReadOnlyList<Escalation>> OfAsync(Guid interactionId) =>
        await Interactions.QueryEscalationsAsync(new EscalationQuery { InteractionId = interactionId }, Cancellation);
}
