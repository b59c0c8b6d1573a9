using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>One holder's outcome of its claim.</summary>
internal sealed class IdempotencySettlement(IdempotencyClaim claim, IdempotencyOutcome outcome) : SharedWrite
{
    private const int FixedSize = 192;

    public static readonly BulkInsert<IdempotencySettlement> Columns = new(
        typeof(IdempotencyEntity),
        [
            new("scope", StoredType.Text, s => s.Claim.Scope),
            new("key", StoredType.Text, s => s.Claim.Key),
            new("token", StoredType.Id, s => s.Claim.Token),
            new("state", StoredType.Text, s => EnumText<IdempotencyState>.From(s.Outcome.State)),
            new("result", StoredType.Json, s => s.Outcome.Result),
            new("error", StoredType.Text, s => s.Outcome.Error),
        ]);

    public IdempotencyClaim Claim => claim;

    public IdempotencyOutcome Outcome => outcome;

    public override string Row => IdempotencyCall.About(claim.Scope, claim.Key);

    public override int Size => FixedSize + (outcome.Result?.Length ?? 0) + (outcome.Error?.Length ?? 0);
}
