using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Any number will do that sets these locks apart from those of others: "agent_id" as bytes.
    private const long LockSeed = 0x6167656e745f6964;

    private SqlStatement? _claimNew;
    private SqlStatement? _claimNewInTransaction;

    // Differs because what most begins meet, a new key, is worth a statement of its own here.
    public override SqlStatement ClaimNewIdempotent(bool inTransaction) => inTransaction
        ? _claimNewInTransaction ??= Statement(InsertClaim(inTransaction: true))
        : _claimNew ??= Statement(InsertClaim(inTransaction: false));

    // A transaction that has claimed a key keeps all others away until it ends; short claims let each other in, and meet at the key. Two
    // keys have one number too rarely to matter, and then only wait for each other.
    protected override string TryLockKey(bool inTransaction) =>
        $"{(inTransaction ? "pg_try_advisory_xact_lock" : "pg_try_advisory_xact_lock_shared")}"
        + $"(hashtextextended(@key, hashtextextended(@scope, {LockSeed})))";
}
