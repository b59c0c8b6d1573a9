[assembly: AssemblyFixture(typeof(AgentPersistence.ConformanceTests.Infrastructure.SqliteDatabases))]

namespace AgentPersistence.ConformanceTests.Infrastructure;

public sealed class SqliteDatabases : TestDatabases
{
    private string? sealedTemplate;

    public SqliteDatabases()
        : this(TestSchema.MigrateAsync)
    {
    }

    internal SqliteDatabases(Func<TestDatabase, Task> migrate)
        : base(migrate)
    {
    }

    public override DatabaseKind Kind => DatabaseKind.Sqlite;

    protected override Task<TestDatabase> NewAsync() => Task.FromResult<TestDatabase>(new SqliteTestDatabase());

    protected override Task<TestDatabase> CopyAsync(TestDatabase original)
    {
        SqliteTestDatabase copy = new();
        File.Copy(sealedTemplate!, copy.FilePath);
        return Task.FromResult<TestDatabase>(copy);
    }

    protected override Task SealAsync(TestDatabase original)
    {
        var migrated = (SqliteTestDatabase)original;
        sealedTemplate = migrated.FilePath + ".template";
        migrated.Export(sealedTemplate);
        return Task.CompletedTask;
    }
}
