using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Interactions;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class InteractionLostAnswerTests(TestDatabases databases) : InteractionTests(databases)
{
    private readonly string _marker = NewId("marker");

    [Fact]
    public async Task Interactions_whose_shared_answer_was_lost_are_each_stored_once()
    {
        var lost = Proxy.LoseNextAnswerTo($"{_marker} 21");

        var logged = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => BehindProxy.Interactions.LogAsync(Asked($"{_marker} {i}", _marker), Cancellation)));

        await lost;
        Assert.Equal(logged.Select(i => i.UserQuery).Order(), (await QueriesAsync(_marker)).Order());
        Assert.Equal(logged[7], await Interactions.FindAsync(logged[7].Id, Cancellation));
    }

    [Fact]
    public async Task Many_interactions_of_one_caller_whose_answer_was_lost_are_stored_once()
    {
        var lost = Proxy.LoseNextAnswerTo($"{_marker} 2");

        var logged = await BehindProxy.Interactions.LogAsync([.. Enumerable.Range(0, 5).Select(i => Asked($"{_marker} {i}", _marker))], Cancellation);

        await lost;
        Assert.Equal(logged.Select(i => i.UserQuery).Order(), (await QueriesAsync(_marker)).Order());
    }

    [Fact]
    public async Task An_interaction_whose_request_was_lost_is_sent_again()
    {
        var lost = Proxy.LoseNextRequestWith(_marker);

        await BehindProxy.Interactions.LogAsync(Asked(_marker, _marker), Cancellation);

        await lost;
        Assert.Equal([_marker], await QueriesAsync(_marker));
    }

    [Fact]
    public async Task An_escalation_whose_answer_was_lost_is_the_one_that_is_stored()
    {
        var interaction = (await Interactions.LogAsync(Asked(), Cancellation)).Id;
        var lost = Proxy.LoseNextAnswerTo(_marker);

        var escalation = await BehindProxy.Interactions.EscalateAsync(interaction, Because(_marker), Cancellation);

        await lost;
        Assert.Equal([escalation], await Interactions.QueryEscalationsAsync(new() { InteractionId = interaction }, Cancellation));
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_the_success_it_was()
    {
        var interaction = (await Interactions.LogAsync(Asked(), Cancellation)).Id;
        var lost = Proxy.LoseNextAnswerTo("DELETE");

        Assert.True(await BehindProxy.Interactions.DeleteAsync(interaction, Cancellation));

        await lost;
        Assert.Null(await Interactions.FindAsync(interaction, Cancellation));
    }
}
