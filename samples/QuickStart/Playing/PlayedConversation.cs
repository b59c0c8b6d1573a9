using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>What became of a conversation that was played.</summary>
public enum Play
{
    /// <summary>From its first turn to its end.</summary>
    Recorded,

    /// <summary>Begun by an earlier process, and brought to its end.</summary>
    Resumed,

    /// <summary>Recorded by an earlier run: only its changes were asked for again.</summary>
    Repeated,

    /// <summary>Another process is at it.</summary>
    LeftToAnother,
}

/// <summary>One conversation as it was played, with the answers to the tool calls that this took.</summary>
public sealed record PlayedConversation(Conversation Conversation, Play Play, IReadOnlyDictionary<ToolCall, ToolOutcome> Answers)
{
    public int Replayed => Answers.Values.Count(outcome => outcome.Replayed);

    public int Refused => Changes.Count(outcome => !outcome.Succeeded);

    public int Made => Changes.Count(outcome => outcome is { Succeeded: true, Replayed: false });

    private IEnumerable<ToolOutcome> Changes => Answers.Where(pair => ToolRules.ChangesState(pair.Key.Name)).Select(pair => pair.Value);
}
