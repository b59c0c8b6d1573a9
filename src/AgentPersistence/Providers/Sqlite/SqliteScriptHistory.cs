using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Sqlite.Migrations.Internal;

namespace AgentPersistence.Providers.Sqlite;

#pragma warning disable EF1001 // The provider's own history has no public base.

/// <summary>Lets the rows of the migrations history be inserted again.</summary>
internal sealed class SqliteScriptHistory(HistoryRepositoryDependencies dependencies) : SqliteHistoryRepository(dependencies)
{
    private const string Insert = "INSERT INTO ";

    // The generator has said IF NOT EXISTS already.
    public override string GetCreateIfNotExistsScript() => GetCreateScript();

    public override string GetInsertScript(HistoryRow row) => "INSERT OR IGNORE INTO " + base.GetInsertScript(row)[Insert.Length..];
}
