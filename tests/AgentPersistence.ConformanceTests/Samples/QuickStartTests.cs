using System.Globalization;
using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class QuickStartTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const int Everything = 10_000;

    [Fact]
    public async Task Every_conversation_leaves_a_session_a_run_and_an_entry_for_each_tool_call()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var expected = ConversationData.Count(Path());
        var conversations = ConversationFile.Read(Path());

        var played = await PlayerOn(agent, new RecordedTools()).PlayAllAsync(conversations, Cancellation);

        Assert.All(played, one => Assert.Equal(Play.Recorded, one.Play));
        var sessions = await agent.Sessions.QueryAsync(new SessionQuery { Limit = Everything }, Cancellation);
        Assert.Equal(expected.Conversations, sessions.Count);
        Assert.DoesNotContain(sessions, session => session.Status == SessionStatus.Active);

        // One write to create it, one for each turn, and two to end it.
        Assert.Equal(conversations.Sum(c => c.Turns.Count + 3), sessions.Sum(session => session.Version));
        var summary = await agent.Metrics.SummarizeRunsAsync(cancellationToken: Cancellation);
        Assert.Equal((expected.Conversations, expected.Conversations), (summary.TotalRuns, summary.FinishedRuns));
        Assert.Equal(expected.Resolved, summary.Outcomes[Outcomes.Resolved]);
        Assert.Equal(expected.Conversations, summary.Outcomes.Values.Sum());
        Assert.Equal(expected.Customers, await database.CountAsync("agent_customer_context"));
        Assert.Equal(expected.Conversations, await InteractionsAsync(database));
        await AssertAuditedAsync(agent, expected, conversations);
    }

    [Fact]
    public async Task Playing_them_again_makes_no_change_twice_and_stores_nothing_new()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var conversations = ConversationFile.Read(Path());
        var first = await PlayerOn(agent, new RecordedTools()).PlayAllAsync(conversations, Cancellation);
        var checkpoint = await agent.Verifier.CreateCheckpointAsync(Cancellation);
        var sessions = await agent.Sessions.QueryAsync(new SessionQuery { Limit = Everything }, Cancellation);
        var runs = await agent.Metrics.SummarizeRunsAsync(cancellationToken: Cancellation);

        var tools = new RecordedTools();
        var again = await PlayerOn(agent, tools).PlayAllAsync(conversations, Cancellation);

        Assert.All(again, one => Assert.Equal((Play.Repeated, 0), (one.Play, one.Made)));
        Assert.Equal(first.Sum(one => one.Made + one.Replayed), again.Sum(one => one.Replayed));

        // What a tool refused has changed nothing, so it is asked again, and refuses again.
        Assert.Equal(first.Sum(one => one.Refused), again.Sum(one => one.Refused));
        Assert.Equal(again.Sum(one => one.Refused), tools.Runs);
        Assert.Equal(checkpoint.Sequence, (await agent.Verifier.CreateCheckpointAsync(Cancellation)).Sequence);
        Assert.Equal(sessions, await agent.Sessions.QueryAsync(new SessionQuery { Limit = Everything }, Cancellation));
        Assert.Equal(runs, await agent.Metrics.SummarizeRunsAsync(cancellationToken: Cancellation));
        Assert.Equal(conversations.Count, await InteractionsAsync(database));
    }

    [Fact]
    public async Task A_conversation_that_a_dead_process_has_begun_is_gone_on_with_where_it_stood()
    {
        var conversation = ConversationOf(NewId("begun"), "look_up", "book_seat", "cancel_seat");
        await Agent.Sessions.CreateAsync(
            new NewSession { Id = conversation.Id, UserId = conversation.CustomerId, State = new SessionState(Turns: 1).ToJson() },
            Cancellation);
        var second = conversation.Calls.ElementAt(1);
        var pending = await Agent.Audit.LogAsync(
            new AuditEntry
            {
                SessionId = conversation.Id,
                Status = AuditStatus.Pending,
                IdempotencyKey = ToolRunner.AuditKeyOf(conversation, second),
            },
            Cancellation);

        var played = await PlayerOn(Agent, new RecordedTools()).PlayAsync(conversation, Cancellation);

        Assert.Equal((Play.Resumed, 2), (played.Play, played.Made));
        Assert.Equal(AuditStatus.Success, (await Agent.Audit.FindAsync(pending.Id, Cancellation))!.Status);
        Assert.Equal(3, SessionState.Of((await Agent.Sessions.FindAsync(conversation.Id, Cancellation))!).Turns);
        Assert.Equal(3, (await Agent.Audit.GetBySessionAsync(conversation.Id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_change_whose_tool_never_answered_is_not_made_again_and_says_so()
    {
        var conversation = ConversationOf(NewId("silent"), "book_seat");
        conversation = conversation with { Turns = [new Turn("book", [conversation.Turns[0].Calls[0] with { Answer = null }], null)] };
        var tools = new RecordedTools();
        var player = PlayerOn(Agent, tools);

        var first = await player.PlayAsync(conversation, Cancellation);
        var again = await player.PlayAsync(conversation, Cancellation);

        Assert.Equal((1, 1, 1), (first.Refused, again.Refused, tools.Runs));
        var entry = Assert.Single(await Agent.Audit.QueryAsync(
            new AuditQuery { SessionId = conversation.Id, EventType = ToolRunner.EventType }, Cancellation));
        Assert.Equal((AuditStatus.Failure, "book_seat did not answer."), (entry.Status, entry.ErrorMessage));
    }

    [Fact]
    public async Task Only_one_of_several_players_of_one_conversation_brings_it_to_its_end()
    {
        var conversation = ConversationOf(NewId("raced"), "look_up", "book_seat");
        var tools = new RecordedTools();

        var played = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PlayerOn(Agent, tools).PlayAsync(conversation, Cancellation)));

        Assert.Equal(1, played.Sum(one => one.Made));
        Assert.Equal(SessionStatus.Completed, (await Agent.Sessions.FindAsync(conversation.Id, Cancellation))!.Status);
        Assert.Equal(1, (await Agent.Customers.FindAsync(conversation.CustomerId!, Cancellation))!.TotalInteractions);
    }

    private static async Task AssertAuditedAsync(Agent agent, Counts expected, IReadOnlyList<Conversation> conversations)
    {
        var calls = await agent.Audit.QueryAsync(new AuditQuery { EventType = ToolRunner.EventType, Limit = Everything }, Cancellation);
        Assert.Equal(expected.ToolCalls, calls.Count);
        Assert.DoesNotContain(calls, record => record.Status == AuditStatus.Pending);
        foreach (var conversation in conversations)
        {
            var trail = calls.Where(record => record.SessionId == conversation.Id).OrderBy(record => record.Sequence).ToList();
            Assert.Equal(conversation.Calls.Select(call => call.Name), trail.Select(record => record.Action));
            Assert.Equal(
                conversation.Calls.Select(call => call.Arguments.GetRawText()), trail.Select(record => record.Input?.GetRawText()));
            Assert.All(trail, record => Assert.NotNull(record.Output));
        }

        var verified = await agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        Assert.True(verified.IsIntact, verified.Reason);

        // A row for each call and each end, and a second one for each change's outcome.
        Assert.Equal(expected.ToolCalls + expected.Changes + expected.Conversations, verified.Verified);
    }

    private static ConversationPlayer PlayerOn(Agent agent, RecordedTools tools) => new(
        agent.Database, agent.Sessions, agent.Metrics, new ToolRunner(agent.Audit, agent.Idempotency, tools), TimeProvider.System);

    private static Conversation ConversationOf(string id, params string[] tools) => new(
        id,
        $"customer-of-{id}",
        Resolved: true,
        [.. tools.Select((tool, i) => new Turn($"please {tool}", [new ToolCall(i + 1, tool, SeatOf(i), """{"done":true}""")], "done"))]);

    private static JsonElement SeatOf(int number) => JsonSerializer.SerializeToElement(new { seat = number });

    private static async Task<int> InteractionsAsync(TestDatabase database) =>
        Convert.ToInt32(
            await database.ScalarAsync("SELECT sum(total_interactions) FROM agent_customer_context"), CultureInfo.InvariantCulture);

    private static string Path()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(ConversationData.IsReal
            ? $"Played: {ConversationData.Path}"
            : "airline.json is absent (set AGENT_PERSISTENCE_DATA to its folder); played instead: the sample's own conversations.");
        return ConversationData.Path;
    }
}
