using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    private SqlStatement? _claimNew;
    private SqlStatement? _claimNewInTransaction;

    // Differs because what most begins meet, a new key, is worth a statement of its own here.
    public override SqlStatement ClaimNewIdempotent(bool inTransaction) => inTransaction
        ? _claimNewInTransaction ??= ClaimNew(inTransaction: true)
        : _claimNew ??= ClaimNew(inTransaction: false);

    private SqlStatement ClaimNew(bool inTransaction) => Statement($$"""
        {{InsertClaim(inTransaction)}}
        RETURNING {Idempotency.*}, {{Clock}}
        """);
}
