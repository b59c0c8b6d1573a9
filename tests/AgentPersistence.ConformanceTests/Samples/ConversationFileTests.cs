using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentPersistence.ConformanceTests.Samples;

public sealed class ConversationFileTests
{
    [Fact]
    public void The_real_file_has_a_hundred_conversations_with_572_tool_calls_of_which_43_were_resolved()
    {
        if (!ConversationData.IsReal)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("airline.json is absent; the sample's own conversations are counted instead.");
        }

        var read = ConversationFile.Read(ConversationData.Path);

        var calls = read.SelectMany(c => c.Calls).ToList();
        Assert.Equal(ConversationData.IsReal ? (100, 43) : (5, 3), (read.Count, read.Count(c => Outcomes.Of(c) == Outcomes.Resolved)));
        Assert.Equal(ConversationData.IsReal ? (572, 143) : (15, 9), (calls.Count, calls.Count(c => ToolRules.ChangesState(c.Name))));
        Assert.Equal(ConversationData.Count(ConversationData.Path).ToolCalls, calls.Count);
        Assert.All(calls, call => Assert.NotNull(call.Answer));
    }

    [Fact]
    public void Call_ids_that_repeat_within_a_conversation_still_get_their_own_answers()
    {
        var calls = Read("""
            [{"traj": [
              {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "never answered"}}]},
              {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "a", "arguments": "{}"}}]},
              {"role": "tool", "tool_call_id": "1", "content": "first"},
              {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "a"}}, {"id": "2", "function": {"name": "b"}}]},
              {"role": "tool", "tool_call_id": "2", "content": "third"},
              {"role": "tool", "tool_call_id": "1", "content": "second"},
              {"role": "assistant", "tool_calls": [{"id": "3", "function": {"name": "a"}}, {"id": "3", "function": {"name": "b"}}]},
              {"role": "tool", "tool_call_id": "3", "content": "fourth"},
              {"role": "tool", "tool_call_id": "3", "content": "fifth"}
            ]}]
            """).Single().Calls;

        Assert.Equal([null, "first", "second", "third", "fourth", "fifth"], calls.Select(call => call.Answer));
    }

    [Theory]
    [InlineData("""null""", "{}")]
    [InlineData("\"\"", "{}")]
    [InlineData("\"{\\\"a\\\": 1}\"", """{"a": 1}""")]
    [InlineData("""{"a": 1}""", """{"a": 1}""")]
    [InlineData("\"{\\\"a\\\": 1\"", """{"unreadable":"{\u0022a\u0022: 1"}""")]
    [InlineData("\"{\\\"a\\\": 1, \\\"a\\\": 2}\"", """{"unreadable":"{\u0022a\u0022: 1, \u0022a\u0022: 2}"}""")]
    public void Arguments_are_kept_whatever_a_model_emitted(string arguments, string expected)
    {
        var call = Read(
            """[{"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": ARGUMENTS}}]}]}]"""
                .Replace("ARGUMENTS", arguments, StringComparison.Ordinal)).Single().Calls.Single();

        Assert.Equal((expected, null), (call.Arguments.GetRawText(), call.Answer));
    }

    [Fact]
    public void What_a_message_lacks_is_just_not_there()
    {
        var read = Read("""
            [null, {"traj": null}, {"traj": [null, {}, {"role": null}, {"role": "user"},
              {"role": "user", "content": [{"type": "text", "text": "hi"}]}, {"role": "assistant", "tool_calls": null},
              {"role": "assistant", "tool_calls": [null, {"function": null}, {"function": {"name": null}}]},
              {"role": "tool", "content": null}]}]
            """).Single();

        Assert.Equal([null, "hi"], read.Turns.Select(turn => turn.Request));
        Assert.Equal(["unnamed", "unnamed", "unnamed"], read.Calls.Select(call => call.Name));
        Assert.Equal((null, null), (read.CustomerId, read.Resolved));
        Assert.Equal(Outcomes.Unrated, Outcomes.Of(read));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"traj\": []}")]
    public void A_file_that_cannot_be_played_says_what_to_give_instead(string text)
    {
        var refused = Assert.Throws<ConversationFileException>(() => Read(text));

        Assert.Contains("Give a JSON array", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("book_flight", true)]
    [InlineData("cancelOrder", true)]
    [InlineData("Update-profile", true)]
    [InlineData("transfer_to_human_agents", true)]
    [InlineData("send_certificate", true)]
    [InlineData("bookings_of_user", false)]
    [InlineData("get_reservation_details", false)]
    [InlineData("think", false)]
    [InlineData("", false)]
    public void A_tool_changes_something_if_its_verb_says_so(string tool, bool changes) =>
        Assert.Equal(changes, ToolRules.ChangesState(tool));

    private static IReadOnlyList<Conversation> Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return ConversationFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
