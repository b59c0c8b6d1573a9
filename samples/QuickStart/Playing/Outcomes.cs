using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>How a conversation ended, and what it was about, as the run's metrics name it.</summary>
public static class Outcomes
{
    public const string Resolved = "resolved";
    public const string Escalated = "escalated";
    public const string Failed = "failed";
    public const string Unrated = "unrated";

    public static string Of(Conversation conversation) => conversation.Resolved switch
    {
        true => Resolved,
        _ when conversation.Calls.Any(call => ToolRules.HandsOver(call.Name)) => Escalated,
        false => Failed,
        null => Unrated,
    };

    /// <summary>The first change that the agent tried to make; without one it was an inquiry.</summary>
    public static string JourneyOf(Conversation conversation)
    {
        var changes = conversation.Calls.Select(call => call.Name).Where(ToolRules.ChangesState);
        return changes.OrderBy(ToolRules.HandsOver).FirstOrDefault() ?? "inquiry";
    }
}
