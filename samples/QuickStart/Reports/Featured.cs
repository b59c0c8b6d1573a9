using QuickStart.Conversations;
using QuickStart.Playing;

namespace QuickStart.Reports;

/// <summary>The conversation that the report looks at closely, and a change in it that was made; null if it has none.</summary>
public sealed record Featured(Conversation Conversation, ToolCall? Change)
{
    private const int ReadableTrail = 12;

    /// <summary>The one that shows most: a change made and one refused, in a trail that fits a screen.</summary>
    public static Featured Of(IReadOnlyList<PlayedConversation> played)
    {
        var best = played
            .OrderByDescending(one => ChangeIn(one) is not null)
            .ThenByDescending(one => one.Refused > 0)
            .ThenBy(one => one.Conversation.Calls.Count() > ReadableTrail)
            .ThenByDescending(one => one.Conversation.Calls.Count() > 2)
            .First();
        return new Featured(best.Conversation, ChangeIn(best));
    }

    private static ToolCall? ChangeIn(PlayedConversation played) => played.Answers
        .Where(pair => pair.Value.Succeeded && ToolRules.ChangesState(pair.Key.Name))
        .OrderBy(pair => ToolRules.HandsOver(pair.Key.Name))
        .ThenBy(pair => pair.Key.Number)
        .Select(pair => pair.Key)
        .FirstOrDefault();
}
