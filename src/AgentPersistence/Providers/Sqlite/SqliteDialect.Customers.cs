namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because BEGIN IMMEDIATE has already excluded every other writer.
    protected override string ForUpdate => "";
}
