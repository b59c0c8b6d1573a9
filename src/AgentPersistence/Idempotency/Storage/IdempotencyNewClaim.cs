using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>One caller's claim of a key that is likely to be new.</summary>
internal sealed class IdempotencyNewClaim(IdempotencyCall call) : SharedWrite
{
    private const int FixedSize = 256;

    public static readonly BulkInsert<IdempotencyNewClaim> Columns = new(
        typeof(IdempotencyEntity),
        [
            new("scope", StoredType.Text, c => c.Call.Scope),
            new("key", StoredType.Text, c => c.Call.Key),
            new("user_id", StoredType.Text, c => c.Call.UserId),
            new("fingerprint", StoredType.Text, c => c.Call.Fingerprint),
            new("token", StoredType.Id, c => c.Call.Token),
            new("on_crash", StoredType.Text, c => EnumText<CrashPolicy>.From(c.Call.OnCrash)),
            new("lease", StoredType.Number, c => c.Call.StoredLease),
            new("time_to_live", StoredType.Number, c => c.Call.StoredTimeToLive),
        ]);

    public IdempotencyCall Call => call;

    /// <summary>The time before a shared commit with it was sent; null where none was.</summary>
    public long? SentAt { get; set; }

    public override string Row => IdempotencyCall.About(call.Scope, call.Key);

    public override int Size => FixedSize;

    // Each takes one of the server's locks, and of these it has 64 for each connection that it allows: no more than a hundred at once.
    public override int Weight => GroupCommit<IdempotencyNewClaim>.MaxRows / 100;
}
