namespace AgentPersistence.Jobs;

/// <summary>Well-known modes. A mode is text: a host may use others.</summary>
public static class JobModes
{
    /// <summary>Find out what a message asks for.</summary>
    public const string Classify = "classify";

    /// <summary>Decide what to do.</summary>
    public const string Plan = "plan";

    /// <summary>Do it.</summary>
    public const string Execute = "execute";

    /// <summary>Answer the user.</summary>
    public const string Answer = "answer";
}
