using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Sqlite.Migrations.Internal;

namespace AgentPersistence.Providers.Sqlite;

#pragma warning disable EF1001 // The provider's own history refuses to make a script that can be run again.

/// <summary>Lets a script be run again: where EF would ask whether a migration was applied, every statement of ours asks itself.</summary>
internal sealed class SqliteMigrationsHistory(HistoryRepositoryDependencies dependencies) : SqliteHistoryRepository(dependencies)
{
    public override string GetBeginIfNotExistsScript(string migrationId) => "";

    public override string GetEndIfScript() => "";

    public override string GetInsertScript(HistoryRow row) =>
        "INSERT OR IGNORE INTO " + base.GetInsertScript(row)["INSERT INTO ".Length..];
}
