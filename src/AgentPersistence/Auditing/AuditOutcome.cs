using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Auditing;

/// <summary>How an action ended. Two outcomes are equal when their members are, JSON compared by its text.</summary>
/// <param name="Status">
/// The new status: <see cref="AuditStatus.Success"/>, <see cref="AuditStatus.Failure"/> or <see cref="AuditStatus.RolledBack"/>.
/// </param>
/// <param name="Output">What the action gave back, under the limits of <see cref="AuditEntry"/>; null keeps what was there.</param>
/// <param name="ErrorMessage">Why it failed, as free text; null keeps what was there.</param>
public sealed record AuditOutcome(AuditStatus Status, JsonElement? Output = null, string? ErrorMessage = null)
{
    private readonly JsonText _output = new(Output);

    /// <summary>What the action gave back, under the limits of <see cref="AuditEntry"/>; null keeps what was there.</summary>
    public JsonElement? Output { get => _output.Element; init => _output = new(value); }
}
