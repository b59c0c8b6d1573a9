namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    protected override string ForUpdate => "FOR UPDATE";
}
