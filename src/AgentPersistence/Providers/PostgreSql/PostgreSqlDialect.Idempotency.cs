using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    private SqlStatement? _claimNew;
    private SqlStatement? _claimNewInTransaction;

    // Differs because what nearly all begins meet, a new key or one that is answered already, is worth a statement of its own here.
    public override SqlStatement ClaimNewIdempotent(bool inTransaction) => inTransaction
        ? _claimNewInTransaction ??= ClaimNew(inTransaction: true)
        : _claimNew ??= ClaimNew(inTransaction: false);

    private SqlStatement ClaimNew(bool inTransaction) => Statement($$"""
        WITH claimed AS (
            {{InsertClaim(inTransaction)}}
            RETURNING {Idempotency.*})
        SELECT {Idempotency.*}, {{Clock}} FROM claimed
        UNION ALL
        SELECT {Idempotency.*}, {{Clock}} FROM {Idempotency} WHERE {{OfKey}}
        """);
}
