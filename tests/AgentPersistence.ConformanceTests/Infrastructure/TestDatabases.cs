using System.Collections.Concurrent;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>
/// Hands out databases of one kind for a whole test run. The tables are made once, in a template; every other database is a copy.
/// </summary>
public abstract class TestDatabases : IAsyncDisposable
{
    private readonly ConcurrentBag<TestDatabase> created = [];
    private readonly ConcurrentDictionary<Type, Lazy<Task<TestDatabase>>> ofClasses = new();
    private readonly Lazy<Task<TestDatabase>> template;

    protected TestDatabases(Func<TestDatabase, Task> migrate) => template = new(() => CreateTemplateAsync(migrate));

    public abstract DatabaseKind Kind { get; }

    /// <summary>A new database with all tables and no rows.</summary>
    public async Task<TestDatabase> CreateAsync() => Track(await CopyAsync(await template.Value));

    /// <summary>A new database without a table.</summary>
    public async Task<TestDatabase> CreateEmptyAsync() => Track(await NewAsync());

    /// <summary>The one database that all tests of a class share; it lives as long as the run.</summary>
    public Task<TestDatabase> OfClassAsync(Type testClass) =>
        ofClasses.GetOrAdd(testClass, _ => new Lazy<Task<TestDatabase>>(CreateAsync)).Value;

    public async ValueTask DisposeAsync()
    {
        if (OutliveTheRun)
        {
            foreach (var database in created)
                await database.DisposeAsync();
        }

        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether databases stay unless they are dropped one by one.</summary>
    protected virtual bool OutliveTheRun => true;

    protected abstract Task<TestDatabase> NewAsync();

    protected abstract Task<TestDatabase> CopyAsync(TestDatabase original);

    /// <summary>Makes the migrated template ready to be copied.</summary>
    protected abstract Task SealAsync(TestDatabase original);

    protected virtual Task CloseAsync() => Task.CompletedTask;

    private async Task<TestDatabase> CreateTemplateAsync(Func<TestDatabase, Task> migrate)
    {
        var database = await CreateEmptyAsync();
        await migrate(database);
        await SealAsync(database);
        return database;
    }

    private TestDatabase Track(TestDatabase database)
    {
        created.Add(database);
        return database;
    }
}
