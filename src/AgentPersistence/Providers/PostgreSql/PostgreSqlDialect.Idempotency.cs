using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Any number will do that sets these locks apart from those of others: "agent_id" as bytes.
    private const long LockSeed = 0x6167656e745f6964;

    // Of a result that is read with others.
    private const int MostBytesTogether = 32 * 1024;

    private SqlStatement? _claimNew;
    private SqlStatement? _claimNewInTransaction;

    // Differs because what most begins meet, a new key, is worth a statement of its own here.
    public override SqlStatement ClaimNewIdempotent(bool inTransaction) => inTransaction
        ? _claimNewInTransaction ??= Statement(InsertClaim(inTransaction: true))
        : _claimNew ??= Statement(InsertClaim(inTransaction: false));

    // In the order of the keys, so that two commits with the same ones wait for each other in one direction only.
    public override SqlStatement ClaimNewIdempotentKeys => field ??= Statement($$"""
        {{IndexPlan}}
        {{InsertClaims(Given(IdempotencyNewClaim.Columns), inTransaction: false, "ORDER BY given.scope, given.key")}}
        RETURNING {Idempotency.Scope}, {Idempotency.IdempotencyKey}, {Idempotency.Token}
        """);

    // How long a result is where it is stored: it may be compressed. Each key is looked up before anything else is asked of its row: to
    // statistics of few rows the index of what expires looks as good, and is read to its end.
    public override SqlStatement FindReplays => field ??= Statement($$"""
        {{IndexPlan}}
        SELECT given.place, found.is_long, found.{Idempotency.Epoch}, CASE WHEN found.is_long THEN NULL ELSE found.{Idempotency.ResultData} END
        FROM {{Given(IdempotencyReplay.Columns)}} CROSS JOIN LATERAL (
            SELECT {Idempotency.Epoch}, {Idempotency.ResultData},
                coalesce(pg_column_size({Idempotency.ResultData}), 0) > {{MostBytesTogether}} AS is_long
            FROM (
                SELECT * FROM {Idempotency}
                WHERE {Idempotency.Scope} = given.scope AND {Idempotency.IdempotencyKey} = given.key
                LIMIT 1) AS held
            WHERE {{IsReplay("given.user_id", "given.fingerprint")}}) AS found
        """);

    // A transaction that has claimed a key keeps all others away until it ends; short claims let each other in, and meet at the key. Two
    // keys have one number too rarely to matter, and then only wait for each other.
    protected override string TryLockKey(string scope, string key, bool inTransaction) =>
        $"{(inTransaction ? "pg_try_advisory_xact_lock" : "pg_try_advisory_xact_lock_shared")}"
        + $"(hashtextextended({key}, hashtextextended({scope}, {LockSeed})))";

    // Differs because each key has to be looked up by itself, however few the statistics know.
    protected override string FreeIdempotent(string given) => $$"""
        SELECT given.*, held.place FROM {{given}} CROSS JOIN LATERAL (
            SELECT {{RowPlace("{Idempotency}")}} AS place FROM {Idempotency}
            WHERE {Idempotency.Scope} = given.scope AND {Idempotency.IdempotencyKey} = given.key
            {{SkipLocked("{Idempotency}")}}) AS held
        """;
}
