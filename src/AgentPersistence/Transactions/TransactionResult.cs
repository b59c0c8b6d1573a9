using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Transactions;

/// <summary>What the effect of a transaction has given. Two are equal when their members are, JSON compared by its text.</summary>
/// <remarks>JSON is strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option).</remarks>
public sealed record TransactionResult
{
    private readonly JsonText _output;
    private readonly JsonText _rollbackData;

    /// <summary>What the action gave back. Kept in the audit log alone; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? Output { get => _output.Element; init => _output = new(value); }

    /// <summary>
    /// What the compensation needs, now that the effect is known (the number of a booking, for example). Takes the place of what begin
    /// stored; null keeps that, and a JSON null does not.
    /// </summary>
    public JsonElement? RollbackData { get => _rollbackData.Element; init => _rollbackData = new(value); }

    /// <summary>
    /// A digest of what the effect left behind, for a compensation that must know whether somebody has changed it since; null for none.
    /// Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? ResultFingerprint { get; init; }
}
