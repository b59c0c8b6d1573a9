using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgreSqlAgentDbContext(DbContextOptions<PostgreSqlAgentDbContext> options) : AgentPersistenceDbContext(options)
{
    public static DbContextOptions<PostgreSqlAgentDbContext> CreateOptions() => Configure(new()).Options;

    /// <summary>All that the migrations need as well; what only the running library uses is added by <see cref="CreateOptions"/>.</summary>
    public static DbContextOptionsBuilder<PostgreSqlAgentDbContext> Configure(DbContextOptionsBuilder<PostgreSqlAgentDbContext> options) => options
        .UseNpgsql(o => o
            .MigrationsHistoryTable(MigrationsHistoryTable)

            // The provider's own strategy wraps the driver's exceptions, and then nobody can tell what happened.
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)))
        .ReplaceService<IMigrationsSqlGenerator, PostgreSqlMigrationsSqlGenerator>()
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .EnableThreadSafetyChecks(false);

    protected override void MapColumn(IMutableProperty property, ColumnKind kind)
    {
        switch (kind)
        {
            // json keeps the exact text; jsonb drops duplicates, reorders, and refuses \u0000.
            case ColumnKind.Json:
                property.SetColumnType("json");
                break;

            // Ids and keys are compared and ordered by bytes, as on SQLite, whatever the database's locale.
            case ColumnKind.Key:
                property.SetCollation("C");
                break;
        }
    }
}
