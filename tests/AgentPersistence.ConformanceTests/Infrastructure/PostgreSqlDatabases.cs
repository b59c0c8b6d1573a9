[assembly: AssemblyFixture(typeof(AgentPersistence.ConformanceTests.Infrastructure.PostgreSqlDatabases))]

namespace AgentPersistence.ConformanceTests.Infrastructure;

public sealed class PostgreSqlDatabases : TestDatabases
{
    private readonly Lazy<Task<PostgreSqlServer>> server = new(() => PostgreSqlServer.StartAsync(fsync: false));

    public PostgreSqlDatabases()
        : this(TestSchema.MigrateAsync)
    {
    }

    internal PostgreSqlDatabases(Func<TestDatabase, Task> migrate)
        : base(migrate)
    {
    }

    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    /// <summary>The server that the suites share; starts it when nobody has used it yet.</summary>
    public async Task<PostgreSqlCatalog> CatalogAsync() =>
        Environment.GetEnvironmentVariable(PostgreSqlServer.GivenVariable) is { Length: > 0 } given
            ? new PostgreSqlCatalog(given)
            : (await server.Value).Catalog;

    protected override bool OutliveTheRun => !server.IsValueCreated;

    protected override async Task<TestDatabase> NewAsync()
    {
        var catalog = await CatalogAsync();
        return new PostgreSqlTestDatabase(catalog, await catalog.CreateDatabaseAsync());
    }

    protected override async Task<TestDatabase> CopyAsync(TestDatabase original)
    {
        var catalog = await CatalogAsync();
        return new PostgreSqlTestDatabase(catalog, await catalog.CreateDatabaseAsync(original.ConnectionString));
    }

    protected override async Task SealAsync(TestDatabase original) =>
        await (await CatalogAsync()).SealAsync(original.ConnectionString);

    protected override async Task CloseAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await server.Value).DisposeAsync();
    }
}
