using System.Text.Json;
using AgentPersistence.Sessions;
using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>What the agent must know to go on with a conversation after a restart.</summary>
public sealed record SessionState(int Turns = 0, int ToolCalls = 0, int Changes = 0, bool Declined = false, string? LastRequest = null)
{
    public static SessionState Of(AgentSession session) =>
        session.State?.Deserialize<SessionState>(JsonSerializerOptions.Web) ?? new SessionState();

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, JsonSerializerOptions.Web);

    public SessionState After(ToolCall call, ToolOutcome outcome)
    {
        var done = outcome.Succeeded && ToolRules.ChangesState(call.Name);
        return this with
        {
            ToolCalls = ToolCalls + 1,
            Changes = done && !ToolRules.Denies(call.Name) && !ToolRules.HandsOver(call.Name) ? Changes + 1 : Changes,
            Declined = Declined || (done && ToolRules.Denies(call.Name)),
        };
    }
}
