using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class IncidentLostAnswerTests(TestDatabases databases) : IncidentTests(databases)
{
    [Fact]
    public async Task A_record_whose_answer_was_lost_is_stored_once_and_is_this_calls_own()
    {
        var signal = NewId("ghost");
        var lost = Proxy.LoseNextAnswerToCommit();

        var receipt = await BehindProxy.Incidents.RecordAsync(Seen(signal), Cancellation);

        await lost;
        Assert.False(receipt.AlreadyRecorded);
        Assert.NotNull(await Incidents.FindAsync(receipt.Id, Cancellation));
        Assert.Single(await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_is_the_success_it_was()
    {
        var id = (await Incidents.RecordAsync(Seen("x"), Cancellation)).Id;
        var lost = Proxy.LoseNextAnswerTo("ghost update");

        var updated = await BehindProxy.Incidents.UpdateOutcomeAsync(id, IncidentOutcome.Completed, Json("\"ghost update\""), Cancellation);

        await lost;
        Assert.Equal(updated, await Incidents.FindAsync(id, Cancellation));
        Assert.Equal((IncidentOutcome.Completed, "\"ghost update\""), (updated.Outcome, updated.ActionsTaken?.GetRawText()));
    }

    [Fact]
    public async Task A_confidence_whose_answer_was_lost_is_stored_once()
    {
        var signal = NewId("ghost");
        var lost = Proxy.LoseNextAnswerTo(signal);

        var appended = await BehindProxy.Incidents.AppendConfidenceAsync(new NewConfidence { SignalCluster = signal, Confidence = 1 }, Cancellation);

        await lost;
        Assert.Equal(appended, Assert.Single(await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation)));
    }
}
