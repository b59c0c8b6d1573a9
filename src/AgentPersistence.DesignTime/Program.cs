using AgentPersistence.Providers.PostgreSql;
using AgentPersistence.Providers.Sqlite;
using Microsoft.EntityFrameworkCore.Design;

Console.WriteLine("Start-up project of `dotnet ef`; see add-migration.sh beside it.");

/// <summary>Makes the PostgreSQL context for the tools; no server is asked.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlAgentDbContext>
{
    public PostgreSqlAgentDbContext CreateDbContext(string[] args) => new(PostgreSqlAgentDbContext.Configure(new()).Options);
}

/// <summary>Makes the SQLite context for the tools; no file is opened.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteAgentDbContext>
{
    public SqliteAgentDbContext CreateDbContext(string[] args) => new(SqliteAgentDbContext.Configure(new()).Options);
}
