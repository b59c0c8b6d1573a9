using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteAgentDbContext(DbContextOptions<SqliteAgentDbContext> options) : AgentPersistenceDbContext(options)
{
    public static DbContextOptions<SqliteAgentDbContext> CreateOptions() => Configure(new()).Options;

    /// <summary>All that the migrations need as well; what only the running library uses is added by <see cref="CreateOptions"/>.</summary>
    public static DbContextOptionsBuilder<SqliteAgentDbContext> Configure(DbContextOptionsBuilder<SqliteAgentDbContext> options) => options
        .UseSqlite(o => o.MigrationsHistoryTable(MigrationsHistoryTable))
        .ReplaceService<IMigrationsSqlGenerator, SqliteMigrationsSqlGenerator>()
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .EnableThreadSafetyChecks(false);

    /// <summary>For a script that can be run again; EF itself makes none for SQLite.</summary>
    public static DbContextOptions<SqliteAgentDbContext> CreateScriptOptions() => Configure(new())
        .ReplaceService<IMigrationsSqlGenerator, SqliteScriptSqlGenerator>()
        .ReplaceService<IHistoryRepository, SqliteScriptHistory>()
        .Options;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Differs because SQLite has none of these types.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();
        configurationBuilder.Properties<Guid>().HaveConversion<LowerCaseGuidConverter>();
        configurationBuilder.Properties<decimal>().HaveConversion<TrillionthsConverter>();
    }

    // Text is compared by its bytes, and kept as it is, without being told.
    protected override void MapColumn(IMutableProperty property, ColumnKind kind)
    {
    }
}
