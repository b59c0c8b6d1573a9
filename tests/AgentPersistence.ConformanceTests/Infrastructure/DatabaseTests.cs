namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>
/// What every abstract suite derives from. The tests of one class share <see cref="Database"/> and keep apart by ids of their own;
/// a test that looks at whole tables takes a database of its own from <see cref="Databases"/>.
/// </summary>
public abstract class DatabaseTests(TestDatabases databases) : IAsyncLifetime
{
    protected TestDatabases Databases { get; } = databases;

    protected TestDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Database = await Databases.OfClassAsync(GetType());

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
