using System.Text.Json;

namespace QuickStart.Conversations;

/// <summary>One recorded conversation between a customer and an agent with tools.</summary>
/// <param name="Id">Unique in its file and the same each time the file is read: it becomes the session's id.</param>
/// <param name="CustomerId">Whom the agent talked to; null where the record does not say.</param>
/// <param name="Resolved">Whether the customer got what was due; null where nobody has judged it.</param>
/// <param name="Turns">In order.</param>
public sealed record Conversation(string Id, string? CustomerId, bool? Resolved, IReadOnlyList<Turn> Turns)
{
    public IEnumerable<ToolCall> Calls => Turns.SelectMany(turn => turn.Calls);
}

/// <summary>What the customer said, the tools the agent then called, and what it answered.</summary>
public sealed record Turn(string? Request, IReadOnlyList<ToolCall> Calls, string? Answer);

/// <summary>One call of a tool.</summary>
/// <param name="Number">Counts the conversation's calls from 1; providers' own call ids repeat within one conversation.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">What it was given; whatever a model emitted that is not JSON is kept as text.</param>
/// <param name="Answer">What it gave back; null if it never answered.</param>
public sealed record ToolCall(int Number, string Name, JsonElement Arguments, string? Answer);
