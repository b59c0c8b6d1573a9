using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class IncidentMemoryTests(TestDatabases databases) : IncidentTests(databases)
{
    [Fact]
    public async Task An_incident_is_pending_until_its_outcome_is_known()
    {
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(Database, clock);
        var receipt = await agent.Incidents.RecordAsync(
            new NewIncident
            {
                SignalCluster = "error_cluster | Severity: medium | Error: PAYMENT_CALLBACK_INVALID | Merchants: 3",
                RootCause = "Callback configuration error",
                Confidence = 0.85,
                ActionsTaken = Json("""[ { "action_type": "engineering_escalation" } ]"""),
            },
            Cancellation);
        var recorded = await agent.Incidents.FindAsync(receipt.Id, Cancellation);
        clock.Advance(TimeSpan.FromMinutes(5));

        var actions = Json("""[{ "action_type": "engineering_escalation", "success": true, "jira_ticket": {"jira_id": "MIG-E965C7"} }]""");
        var updated = await agent.Incidents.UpdateOutcomeAsync(receipt.Id, IncidentOutcome.Completed, actions, Cancellation);

        Assert.Equal((false, null), (receipt.AlreadyRecorded, receipt.EmbeddingFailure));
        Assert.Equal(
            new Incident
            {
                Id = receipt.Id,
                SignalCluster = "error_cluster | Severity: medium | Error: PAYMENT_CALLBACK_INVALID | Merchants: 3",
                RootCause = "Callback configuration error",
                Confidence = 0.85,
                ActionsTaken = Json("""[ { "action_type": "engineering_escalation" } ]"""),
                Outcome = IncidentOutcome.Pending,
                CreatedAt = clock.GetUtcNow() - TimeSpan.FromMinutes(5),
                UpdatedAt = clock.GetUtcNow() - TimeSpan.FromMinutes(5),
            },
            recorded);
        Assert.Equal(recorded! with { Outcome = IncidentOutcome.Completed, ActionsTaken = actions, UpdatedAt = clock.GetUtcNow() }, updated);
        Assert.Equal(updated, await agent.Incidents.FindAsync(receipt.Id, Cancellation));
    }

    [Fact]
    public async Task What_is_left_out_stays_absent()
    {
        var id = (await Incidents.RecordAsync(Seen("x"), Cancellation)).Id;

        var found = await Incidents.FindAsync(id, Cancellation);

        Assert.Equal((null, null, false), (found!.RootCause, found.ActionsTaken, found.HasEmbedding));
        Assert.Null(await Incidents.FindAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.1)]
    [InlineData(double.Epsilon)]
    public async Task A_confidence_comes_back_as_it_was(double confidence)
    {
        var id = (await Incidents.RecordAsync(Seen("x", confidence), Cancellation)).Id;

        Assert.Equal(confidence, (await Incidents.FindAsync(id, Cancellation))!.Confidence);
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_confidence_out_of_range_is_refused_by_its_name(double confidence)
    {
        var recorded = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Incidents.RecordAsync(Seen("x", confidence), Cancellation));
        var appended = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Incidents.AppendConfidenceAsync(new NewConfidence { SignalCluster = "x", Confidence = confidence }, Cancellation));

        Assert.Equal((nameof(NewIncident.Confidence), nameof(NewConfidence.Confidence)), (recorded.ParamName, appended.ParamName));
    }

    [Theory]
    [InlineData("agent_incidents", "1.5")]
    [InlineData("agent_incidents", "-0.5")]
    [InlineData("agent_confidence_history", "1.5")]
    [InlineData("agent_confidence_history", "-0.5")]
    public async Task The_database_refuses_a_confidence_out_of_range_too(string table, string confidence)
    {
        await Incidents.RecordAsync(Seen("x"), Cancellation);

        var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => Database.ExecuteAsync($"UPDATE {table} SET confidence = {confidence}"));

        Assert.Contains($"ck_{table}_confidence", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_an_id_again_stores_nothing_whatever_has_become_of_it()
    {
        var incident = Seen(NewId("signal"), 0.7, "cause") with { Id = Guid.CreateVersion7() };
        var first = await Incidents.RecordAsync(incident, Cancellation);
        await Incidents.UpdateOutcomeAsync(first.Id, IncidentOutcome.Completed, Json("[1]"), Cancellation);

        var again = await Incidents.RecordAsync(incident, Cancellation);

        Assert.Equal((incident.Id, false), (first.Id, first.AlreadyRecorded));
        Assert.Equal((incident.Id, true), (again.Id, again.AlreadyRecorded));
        Assert.Equal(IncidentOutcome.Completed, (await Incidents.FindAsync(first.Id, Cancellation))!.Outcome);
        Assert.Single(await Incidents.GetConfidenceHistoryAsync(incident.SignalCluster, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task An_id_that_stands_for_another_incident_is_a_conflict()
    {
        var incident = Seen("signal", 0.7, "cause") with { Id = Guid.CreateVersion7() };
        await Incidents.RecordAsync(incident, Cancellation);

        foreach (var other in new[] { incident with { SignalCluster = "other" }, incident with { RootCause = null }, incident with { Confidence = 0.8 } })
        {
            var conflict = await Assert.ThrowsAsync<IncidentConflictException>(() => Incidents.RecordAsync(other, Cancellation));
            Assert.Equal(incident.Id, conflict.IncidentId);
        }

        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => Incidents.RecordAsync(incident with { Id = Guid.Empty }, Cancellation));
        Assert.Equal(nameof(NewIncident.Id), refused.ParamName);
        Assert.Equal("signal", (await Incidents.FindAsync(incident.Id.Value, Cancellation))!.SignalCluster);
    }

    [Fact]
    public async Task An_open_outcome_may_become_any_and_a_final_one_stays()
    {
        foreach (var (from, to) in from f in Enum.GetValues<IncidentOutcome>() from t in Enum.GetValues<IncidentOutcome>() select (f, t))
        {
            var id = (await Incidents.RecordAsync(Seen("x") with { Outcome = from, ActionsTaken = Json("[1]") }, Cancellation)).Id;
            var before = await Incidents.FindAsync(id, Cancellation);
            if (from is IncidentOutcome.Pending or IncidentOutcome.PendingApproval)
            {
                Assert.Equal(to, (await Incidents.UpdateOutcomeAsync(id, to, cancellationToken: Cancellation)).Outcome);
                Assert.Equal("[1]", (await Incidents.FindAsync(id, Cancellation))!.ActionsTaken?.GetRawText());
                continue;
            }

            if (from == to)
            {
                Assert.Equal(before, await Incidents.UpdateOutcomeAsync(id, to, cancellationToken: Cancellation));
                Assert.Equal(before, await Incidents.UpdateOutcomeAsync(id, to, Json("[1]"), Cancellation));
            }

            var closed = await Assert.ThrowsAsync<IncidentClosedException>(() => Incidents.UpdateOutcomeAsync(id, to, Json("[2]"), Cancellation));
            Assert.Equal((id, from), (closed.IncidentId, closed.Outcome));
            Assert.Equal(before, await Incidents.FindAsync(id, Cancellation));
        }
    }

    [Fact]
    public async Task Updating_what_is_not_there_says_so()
    {
        var id = Guid.CreateVersion7();

        var missing = await Assert.ThrowsAsync<IncidentNotFoundException>(
            () => Incidents.UpdateOutcomeAsync(id, IncidentOutcome.Failed, cancellationToken: Cancellation));
        var undefined = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Incidents.UpdateOutcomeAsync(id, (IncidentOutcome)99, cancellationToken: Cancellation));

        Assert.Equal(id, missing.IncidentId);
        Assert.Equal(nameof(IncidentUpdate.Outcome), undefined.ParamName);
    }

    [Fact]
    public async Task A_JSON_null_is_not_the_same_as_no_actions()
    {
        var id = (await Incidents.RecordAsync(Seen("x") with { ActionsTaken = Json("null") }, Cancellation)).Id;
        Assert.Equal("null", (await Incidents.FindAsync(id, Cancellation))!.ActionsTaken?.GetRawText());

        await Incidents.UpdateOutcomeAsync(id, IncidentOutcome.PendingApproval, Json("""{"a":1,"a":2.50}"""), Cancellation);

        Assert.Equal("""{"a":1,"a":2.50}""", (await Incidents.FindAsync(id, Cancellation))!.ActionsTaken?.GetRawText());
    }
}
