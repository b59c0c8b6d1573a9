using AgentPersistence.Providers.PostgreSql;
using AgentPersistence.Providers.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Tests.Providers;

/// <summary>The three writings of the schema, on each database: the configurations, the migrations and the compiled model.</summary>
public sealed class ModelTests
{
    private static readonly Dictionary<string, Func<AgentPersistenceDbContext>> Contexts = new()
    {
        ["PostgreSql"] = () => new PostgreSqlAgentDbContext(PostgreSqlAgentDbContext.CreateOptions()),
        ["Sqlite"] = () => new SqliteAgentDbContext(SqliteAgentDbContext.CreateOptions()),
    };

    public static TheoryData<string> Databases => [.. Contexts.Keys];

    [Fact]
    public void Both_databases_have_the_same_migrations_in_the_same_order()
    {
        using var postgreSql = Contexts["PostgreSql"]();
        using var sqlite = Contexts["Sqlite"]();

        var migrations = postgreSql.Database.GetMigrations().ToList();

        Assert.NotEmpty(migrations);
        Assert.Equal(migrations, sqlite.Database.GetMigrations());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public void The_migrations_make_what_the_configurations_say(string database)
    {
        using var context = Contexts[database]();

        Assert.False(context.Database.HasPendingModelChanges(), "Run add-migration.sh: the configurations have changed.");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public void The_compiled_model_is_used_and_says_what_the_configurations_say(string database)
    {
        using var context = Contexts[database]();
        var configured = context.GetService<IDesignTimeModel>().Model;

        Assert.IsType<RuntimeModel>(context.Model, exactMatch: false);
        Assert.IsNotType<RuntimeModel>(configured, exactMatch: false);
        Assert.Equal(Describe(configured), Describe(context.Model));
    }

    [Fact]
    public void Both_databases_have_the_same_tables_columns_and_indexes()
    {
        using var postgreSql = Contexts["PostgreSql"]();
        using var sqlite = Contexts["Sqlite"]();

        Assert.Equal(Names(postgreSql.Model), Names(sqlite.Model));
    }

    private static List<string> Describe(IModel model) =>
    [
        .. from entity in model.GetEntityTypes()
           from line in entity.GetProperties()
               .Select(p => $"{Column(p)} {p.GetColumnType()} {p.IsNullable} {p.GetMaxLength()} {Converter(p)}")
               .Concat(entity.GetKeys().Select(k => $"{k.GetName()} ({Columns(k.Properties)})"))
               .Concat(entity.GetIndexes().Select(i => $"{i.GetDatabaseName()} ({Columns(i.Properties)}) {i.IsUnique}"))
           let text = $"{entity.Name} {entity.GetTableName()} {line}"
           orderby text
           select text,
    ];

    private static List<string> Names(IModel model) =>
    [
        .. from entity in model.GetEntityTypes()
           from name in entity.GetProperties().Select(Column)
               .Concat(entity.GetKeys().Select(k => k.GetName()!)).Concat(entity.GetIndexes().Select(i => i.GetDatabaseName()!))
           orderby entity.GetTableName(), name
           select $"{entity.GetTableName()}.{name}",
    ];

    private static string Column(IReadOnlyProperty property) => property.GetColumnName();

    private static string Columns(IEnumerable<IReadOnlyProperty> properties) => string.Join(", ", properties.Select(Column));

    private static string? Converter(IProperty property) => property.GetTypeMapping().Converter?.ProviderClrType.Name;
}
