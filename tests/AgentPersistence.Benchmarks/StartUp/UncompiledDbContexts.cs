using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Benchmarks.StartUp;

/// <summary>The library's tables as a program would have them with EF Core alone: the model is built when it starts.</summary>
internal sealed class UncompiledPostgreSqlDbContext(DbContextOptions options) : AgentPersistenceDbContext(options)
{
    public static UncompiledPostgreSqlDbContext Create(string connectionString) =>
        new(new DbContextOptionsBuilder<UncompiledPostgreSqlDbContext>().UseNpgsql(connectionString).Options);

    protected override void MapColumn(IMutableProperty property, ColumnKind kind)
    {
        if (kind == ColumnKind.Json)
        {
            property.SetColumnType("json");
        }
    }
}

/// <summary>The same on SQLite.</summary>
internal sealed class UncompiledSqliteDbContext(DbContextOptions options) : AgentPersistenceDbContext(options)
{
    public static UncompiledSqliteDbContext Create(string connectionString) =>
        new(new DbContextOptionsBuilder<UncompiledSqliteDbContext>().UseSqlite(connectionString).Options);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMicrosecondsConverter>();
        configurationBuilder.Properties<Guid>().HaveConversion<LowerCaseGuidConverter>();
    }

    protected override void MapColumn(IMutableProperty property, ColumnKind kind)
    {
    }
}
