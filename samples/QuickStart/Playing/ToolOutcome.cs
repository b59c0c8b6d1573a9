using System.Text.Json;
using AgentPersistence.Auditing;

namespace QuickStart.Playing;

/// <summary>How one tool call went.</summary>
/// <param name="Output">What the tool gave back, now or when it ran first; null if nothing.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Replayed">Whether the cache answered, so that the tool was not run.</param>
public sealed record ToolOutcome(JsonElement? Output, string? Error = null, bool Replayed = false)
{
    public bool Succeeded => Error is null;

    public AuditStatus Status => Succeeded ? AuditStatus.Success : AuditStatus.Failure;
}
