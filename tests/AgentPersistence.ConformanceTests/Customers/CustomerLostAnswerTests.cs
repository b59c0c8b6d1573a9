using System.Text;
using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;

namespace AgentPersistence.ConformanceTests.Customers;

/// <summary>What only a database behind a network can meet: a connection that dies between the commit and the answer.</summary>
public abstract class CustomerLostAnswerTests(TestDatabases databases) : DatabaseTests(databases)
{
    private readonly string _id = NewId("customer");
    private readonly string _marker = NewId("marker");

    // Only the write holds the marker; the reads of the same customer hold its id.
    private JsonElement Notes => JsonElement.Parse($$"""{"marker":"{{_marker}}"}""");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task An_interaction_whose_answer_was_lost_is_the_success_it_was_and_counts_once(int before)
    {
        await CountAsync(before);
        var lost = Proxy.LoseNextAnswerTo(_marker);

        var recorded = await BehindProxy.Customers.RecordInteractionAsync(
            _id, new CustomerInteraction { Denied = true, Notes = Notes }, Cancellation);

        await lost;
        Assert.Equal((before + 1, 1, before + 1), (recorded.TotalInteractions, recorded.TotalDenials, recorded.Version));
        Assert.Equal(recorded, await Agent.Customers.FindAsync(_id, Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task An_interaction_that_never_reached_the_server_is_repeated_and_counts_once(int before)
    {
        await CountAsync(before);
        var lost = Proxy.LoseNextRequestWith(_marker);

        var recorded = await BehindProxy.Customers.RecordInteractionAsync(_id, new CustomerInteraction { Notes = Notes }, Cancellation);

        await lost;
        Assert.Equal((before + 1, before + 1), (recorded.TotalInteractions, recorded.Version));
        Assert.Equal(recorded, await Agent.Customers.FindAsync(_id, Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task An_interaction_after_whose_lost_answer_another_has_written_is_in_doubt_and_not_repeated(int before)
    {
        await CountAsync(before);
        MeanwhileOnceLost(beforeTheServer: false, () => CountAsync(1));

        var doubt = await Assert.ThrowsAsync<WriteInDoubtException>(
            () => BehindProxy.Customers.RecordInteractionAsync(_id, new CustomerInteraction { Notes = Notes }, Cancellation));

        Assert.Equal(("customer context", _id), (doubt.Kind, doubt.Key));
        var found = await Agent.Customers.FindAsync(_id, Cancellation);
        Assert.Equal((before + 2, before + 2), (found!.TotalInteractions, found.Version));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task An_interaction_that_another_writer_has_certainly_overtaken_is_repeated_and_both_count(int before)
    {
        await CountAsync(before);
        MeanwhileOnceLost(beforeTheServer: true, () => CountAsync(1));

        var recorded = await BehindProxy.Customers.RecordInteractionAsync(_id, new CustomerInteraction { Notes = Notes }, Cancellation);

        Assert.Equal((before + 2, before + 2), (recorded.TotalInteractions, recorded.Version));
        Assert.Equal(recorded, await Agent.Customers.FindAsync(_id, Cancellation));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 0L)]
    [InlineData(3, null)]
    [InlineData(3, 3L)]
    public async Task A_setting_whose_answer_was_lost_is_the_success_it_was(int before, long? expectedVersion)
    {
        await CountAsync(before);
        var lost = Proxy.LoseNextAnswerTo(_marker);

        var set = await BehindProxy.Customers.SetAsync(
            _id, new CustomerContextUpdate { CustomNotes = Notes, ExpectedVersion = expectedVersion }, Cancellation);

        await lost;
        Assert.Equal((before, before + 1), (set.TotalInteractions, set.Version));
        Assert.Equal(set, await Agent.Customers.FindAsync(_id, Cancellation));
    }

    [Fact]
    public async Task A_setting_after_whose_lost_answer_another_has_written_is_in_doubt_and_never_called_a_conflict()
    {
        await CountAsync(3);
        MeanwhileOnceLost(beforeTheServer: false, () => CountAsync(1));

        await Assert.ThrowsAsync<WriteInDoubtException>(
            () => BehindProxy.Customers.SetAsync(_id, new CustomerContextUpdate { CustomNotes = Notes, ExpectedVersion = 3 }, Cancellation));

        Assert.Equal(5, (await Agent.Customers.FindAsync(_id, Cancellation))!.Version);
    }

    [Fact]
    public async Task A_setting_that_another_writer_has_certainly_overtaken_is_a_conflict()
    {
        await CountAsync(3);
        MeanwhileOnceLost(beforeTheServer: true, () => CountAsync(1));

        var conflict = await Assert.ThrowsAsync<CustomerConflictException>(
            () => BehindProxy.Customers.SetAsync(_id, new CustomerContextUpdate { CustomNotes = Notes, ExpectedVersion = 3 }, Cancellation));

        Assert.Equal((3L, 4L), (conflict.ExpectedVersion, conflict.ActualVersion));
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_the_success_it_was()
    {
        await CountAsync(1);
        var lost = Proxy.LoseNextAnswerTo(_id);

        Assert.True(await BehindProxy.Customers.DeleteAsync(_id, Cancellation));

        await lost;
        Assert.Null(await Agent.Customers.FindAsync(_id, Cancellation));
    }

    private async Task CountAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Agent.Customers.RecordInteractionAsync(_id, new CustomerInteraction(), Cancellation);
        }
    }

    /// <summary>Loses the marked write or its answer, and lets another act before the next request for the customer passes.</summary>
    private void MeanwhileOnceLost(bool beforeTheServer, Func<Task> act)
    {
        var (marker, id) = (Encoding.UTF8.GetBytes(_marker), Encoding.UTF8.GetBytes(_id));
        var isLost = false;
        bool Marked(ReadOnlyMemory<byte> request) => !isLost && request.Span.IndexOf(marker) >= 0 && (isLost = true);
        _ = beforeTheServer ? Proxy.LoseNextRequest(Marked) : Proxy.LoseNextAnswer(Marked);

        // Never matches: it only makes the request wait.
        _ = Proxy.LoseNextRequest(request =>
        {
            if (isLost && request.Span.IndexOf(id) >= 0)
            {
                Task.Run(act).GetAwaiter().GetResult();
                act = () => Task.CompletedTask;
            }

            return false;
        });
    }
}
