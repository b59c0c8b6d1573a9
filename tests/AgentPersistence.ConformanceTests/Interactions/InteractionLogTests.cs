using System.Data.Common;
using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

public abstract class InteractionLogTests(TestDatabases databases) : InteractionTests(databases)
{
    private static readonly NewInteraction Full = new()
    {
        Timestamp = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 6, 7, TimeSpan.FromHours(2)),
        AssistantMode = AssistantMode.Banker,
        SessionId = "conversation é",
        UserQuery = "may I\0transfer?",
        IntentName = "transfer",
        IntentCategory = IntentCategory.HumanOnly,
        ClassificationReason = "large amount",
        Steps = new InteractionSteps
        {
            IntentCompleted = true,
            RoutingDecision = "escalate",
            RetrievalPerformed = true,
            ResponseGenerated = true,
            ConfidenceScore = 0.1,
            EscalationTriggered = true,
        },
        Outcome = InteractionOutcome.Escalated,
        ConfidenceScore = 1d / 3,
        EscalationReason = "policy",
        ResponseText = "a human will call",
        Citations = JsonElement.Parse("""[ {"number": 1.0, "source":"fees"} ]"""),
        RetrievedChunksCount = 0,
        ProcessingTimeMs = int.MaxValue,
    };

    public static TheoryData<string, NewInteraction> OutOfRange => new()
    {
        { nameof(NewInteraction.AssistantMode), Full with { AssistantMode = (AssistantMode)5 } },
        { nameof(NewInteraction.IntentCategory), Full with { IntentCategory = (IntentCategory)5 } },
        { nameof(NewInteraction.Outcome), Full with { Outcome = (InteractionOutcome)5 } },
        { nameof(NewInteraction.ConfidenceScore), Full with { ConfidenceScore = 1.0000001 } },
        { nameof(NewInteraction.ConfidenceScore), Full with { ConfidenceScore = -double.Epsilon } },
        { nameof(NewInteraction.ConfidenceScore), Full with { ConfidenceScore = double.NaN } },
        { nameof(InteractionSteps.ConfidenceScore), Full with { Steps = new InteractionSteps { ConfidenceScore = double.PositiveInfinity } } },
        { nameof(NewInteraction.Steps), Full with { Steps = null! } },
        { nameof(NewInteraction.RetrievedChunksCount), Full with { RetrievedChunksCount = -1 } },
        { nameof(NewInteraction.ProcessingTimeMs), Full with { ProcessingTimeMs = -1 } },
    };

    [Fact]
    public async Task A_logged_interaction_comes_back_as_it_was_given()
    {
        var logged = await Interactions.LogAsync(Full, Cancellation);

        Assert.Equal(7, logged.Id.Version);
        Assert.Equal(
            new Interaction
            {
                Id = logged.Id,
                Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, 7, TimeSpan.Zero),
                AssistantMode = AssistantMode.Banker,
                SessionId = "conversation é",
                UserQuery = "may I\uFFFDtransfer?",
                IntentName = "transfer",
                IntentCategory = IntentCategory.HumanOnly,
                ClassificationReason = "large amount",
                Steps = Full.Steps,
                Outcome = InteractionOutcome.Escalated,
                ConfidenceScore = 1d / 3,
                EscalationReason = "policy",
                ResponseText = "a human will call",
                Citations = Full.Citations,
                RetrievedChunksCount = 0,
                ProcessingTimeMs = int.MaxValue,
                CreatedAt = logged.CreatedAt,
            },
            logged);
        Assert.InRange(logged.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(logged, await Interactions.FindAsync(logged.Id, Cancellation));
    }

    [Fact]
    public async Task An_interaction_needs_no_more_than_a_mode_a_query_and_an_outcome()
    {
        var logged = await Interactions.LogAsync(Asked(), Cancellation);

        Assert.Equal(
            new Interaction
            {
                Id = logged.Id, Timestamp = logged.CreatedAt, UserQuery = "how much?", CreatedAt = logged.CreatedAt, Steps = new InteractionSteps(),
            },
            logged);
        Assert.Equal(logged, await Interactions.FindAsync(logged.Id, Cancellation));
        Assert.Null(await Interactions.FindAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task Many_interactions_are_logged_in_order_and_none_if_one_of_them_is_bad()
    {
        var session = NewId("session");

        var logged = await Interactions.LogAsync([.. Enumerable.Range(0, 2_500).Select(i => Asked($"{i}", session))], Cancellation);
        await Assert.ThrowsAsync<ArgumentNullException>(
            () => Interactions.LogAsync([Asked("bad", session), Asked(null!, session)], Cancellation));

        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"{i}"), logged.Select(i => i.UserQuery));
        Assert.Equal(logged.Select(i => i.Id).Order(), logged.Select(i => i.Id));
        Assert.Equal(2_500, (await QueriesAsync(session)).Distinct().Count());
        Assert.Empty(await Interactions.LogAsync([], Cancellation));
    }

    [Fact]
    public async Task What_many_callers_log_at_once_is_all_there_once()
    {
        var session = NewId("session");

        var logged = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Interactions.LogAsync(Asked($"{i}", session), Cancellation)));

        var found = await Interactions.QueryAsync(new InteractionQuery { SessionId = session, Limit = 10_000 }, Cancellation);
        Assert.Equal(logged.OrderByDescending(i => i.Timestamp).ThenByDescending(i => $"{i.Id}", StringComparer.Ordinal), found);
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task A_value_out_of_range_is_refused_by_its_name(string member, NewInteraction bad)
    {
        var session = NewId("session");

        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Interactions.LogAsync(bad with { SessionId = session }, Cancellation));

        Assert.Equal(member, refused.ParamName);
        Assert.Empty(await QueriesAsync(session));
    }

    [Theory]
    [InlineData("assistant_mode", "banker")]
    [InlineData("intent_category", "automatable")]
    [InlineData("intent_category", "sensitive")]
    [InlineData("intent_category", "human_only")]
    [InlineData("outcome", "escalated")]
    public async Task The_table_itself_refuses_what_is_not_in_the_list(string column, string allowed)
    {
        var id = (await Interactions.LogAsync(Asked(), Cancellation)).Id;

        await Assert.ThrowsAnyAsync<DbException>(() => Database.ExecuteAsync($"UPDATE agent_interactions SET {column} = 'other' WHERE id = '{id}'"));
        Assert.Equal(1, await Database.ExecuteAsync($"UPDATE agent_interactions SET {column} = '{allowed}' WHERE id = '{id}'"));
    }

    [Fact]
    public async Task The_steps_of_the_pipeline_are_columns()
    {
        var id = (await Interactions.LogAsync(Full, Cancellation)).Id;

        var steps = await Database.ScalarAsync(
            "SELECT count(*) FROM agent_interactions WHERE step_1_intent_completed AND step_2_routing_decision = 'escalate' "
            + "AND step_3_retrieval_performed AND step_4_response_generated AND step_5_confidence_score = 0.1 "
            + $"AND step_6_escalation_triggered AND id = '{id}'");

        Assert.Equal(1L, steps);
    }

    [Fact]
    public async Task Interactions_are_found_latest_first_by_each_filter()
    {
        var session = NewId("session");
        var other = Full with { SessionId = session, Timestamp = Start.AddHours(1), UserQuery = "b" };
        var (first, last) = (Asked("a", session) with { Timestamp = Start }, Asked("c", session) with { Timestamp = Start.AddHours(2) });
        await Interactions.LogAsync([first, other, last], Cancellation);

        async Task<string> Found(InteractionQuery query) =>
            string.Concat((await Interactions.QueryAsync(query with { SessionId = session }, Cancellation)).Select(i => i.UserQuery));

        Assert.Equal("cba", await Found(new InteractionQuery()));
        Assert.Equal("cb", await Found(new InteractionQuery { Limit = 2 }));
        Assert.Equal("ca", await Found(new InteractionQuery { AssistantMode = AssistantMode.Customer }));
        Assert.Equal("b", await Found(new InteractionQuery { IntentName = "transfer" }));
        Assert.Equal("b", await Found(new InteractionQuery { IntentCategory = IntentCategory.HumanOnly }));
        Assert.Equal("b", await Found(new InteractionQuery { Outcome = InteractionOutcome.Escalated }));
        Assert.Equal("cb", await Found(new InteractionQuery { From = Start.AddHours(1) }));
        Assert.Equal("a", await Found(new InteractionQuery { To = Start.AddHours(1) }));
        Assert.Equal("", await Found(new InteractionQuery { IntentName = "Transfer" }));
        var page = await Interactions.QueryAsync(
            new InteractionQuery { AssistantMode = AssistantMode.Banker, From = Start, To = Start.AddDays(1), Limit = 1 }, Cancellation);
        Assert.Equal("b", page.Single().UserQuery);
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_even_where_timestamps_are_equal()
    {
        var session = NewId("session");
        var all = await Interactions.LogAsync(
            [.. Enumerable.Range(0, 11).Select(i => Asked($"{i}", session) with { Timestamp = Start.AddDays(-(i / 5)) })], Cancellation);

        var read = new List<Interaction>();
        while (await Interactions.QueryAsync(
            new InteractionQuery { SessionId = session, After = read.LastOrDefault(), Limit = 3 }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(all.OrderByDescending(i => i.Timestamp).ThenByDescending(i => $"{i.Id}", StringComparer.Ordinal), read);
    }
}
