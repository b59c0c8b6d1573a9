using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>One caller's question whether a result is stored for its request.</summary>
internal sealed class IdempotencyReplay(IdempotencyCall call)
{
    public static readonly BulkInsert<IdempotencyReplay> Columns = new(
        typeof(IdempotencyEntity),
        [
            new("place", StoredType.Number, r => (long)r.Place),
            new("scope", StoredType.Text, r => r.Call.Scope),
            new("key", StoredType.Text, r => r.Call.Key),
            new("user_id", StoredType.Text, r => r.Call.UserId),
            new("fingerprint", StoredType.Text, r => r.Call.Fingerprint),
        ]);

    private (long Epoch, string? Result)? _found;

    public IdempotencyCall Call => call;

    /// <summary>Its place among those that are asked together.</summary>
    public int Place { get; set; }

    /// <summary>Whether the database has answered. A result too long for others to wait for is left to its caller.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The answer; null where there is nothing to replay.</summary>
    public IdempotencyClaim? Answer => _found is { } found ? call.Replay(found.Epoch, StoredJson.Parse(found.Result)) : null;

    public void Found(long epoch, string? result) => _found = (epoch, result);
}
