namespace AgentPersistence.Tokens;

/// <summary>This attempt at this call of this run is logged, or given in the same call, with another content. Nothing was stored.</summary>
/// <param name="runId">The run.</param>
/// <param name="callId">The call.</param>
/// <param name="attempt">The attempt.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TokenEntryConflictException(string runId, string callId, int attempt, Exception? innerException = null)
    : AgentPersistenceException(
        $"Attempt {attempt} at call '{callId}' of run '{runId}' is logged with another content; nothing was stored. An entry is never "
        + "changed: log another attempt under a number of its own.",
        innerException)
{
    /// <summary>The run.</summary>
    public string RunId { get; } = runId;

    /// <summary>The call.</summary>
    public string CallId { get; } = callId;

    /// <summary>The attempt.</summary>
    public int Attempt { get; } = attempt;
}
