namespace AgentPersistence.Tokens;

/// <summary>Well-known scopes: what tokens were spent for. A host may use any others.</summary>
public static class TokenScopes
{
    /// <summary>Work that the agent begins by itself: schedules, monitoring, follow-ups.</summary>
    public const string Proactive = "proactive";

    /// <summary>Work that answers somebody: messages, requests, jobs.</summary>
    public const string Reactive = "reactive";
}
