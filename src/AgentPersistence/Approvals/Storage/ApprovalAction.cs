using System.Text.Json;
using AgentPersistence.Idempotency;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Approvals.Storage;

/// <summary>An action that has been checked: its exact text, and the digest by which it is recognised however it is spelled.</summary>
internal sealed record ApprovalAction(string Text, string Digest)
{
    public static ApprovalAction Check(JsonElement action, string argument, int maxJsonBytes)
    {
        // Exact: whoever takes the action may read its amounts as decimals.
        var text = Input.Json(action, argument, maxJsonBytes)!;
        return new(text, IdempotencyKey.Version + CanonicalJson.Sha256Hex(action, NumberRule.Exact, argument));
    }
}
