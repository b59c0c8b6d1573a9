namespace AgentPersistence;

/// <summary>
/// The caller no longer holds the claim it presented: it was taken over after its lease lapsed, or it has been settled. Nothing
/// was stored by the call that threw.
/// </summary>
/// <param name="kind">What was claimed, as a noun: <c>idempotency key</c>, <c>job</c>.</param>
/// <param name="key">The id or key of what was claimed.</param>
/// <param name="token">The token of the claim that was lost.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class LeaseLostException(string kind, string key, Guid token, Exception? innerException = null)
    : AgentPersistenceException(
        $"The lease on {kind} '{key}' is lost: another claim took it over, or it is settled. Nothing was stored. "
        + "Stop this work; claim again to learn where it stands.",
        innerException)
{
    /// <summary>What was claimed, as a noun: <c>idempotency key</c>, <c>job</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>The id or key of what was claimed.</summary>
    public string Key { get; } = key;

    /// <summary>The token of the claim that was lost.</summary>
    public Guid Token { get; } = token;
}
