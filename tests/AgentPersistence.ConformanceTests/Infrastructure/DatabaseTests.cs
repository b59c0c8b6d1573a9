namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>
/// What every abstract suite derives from. The tests of one class share <see cref="Database"/> and keep apart by ids of their own;
/// a test that looks at whole tables takes a database of its own from <see cref="Databases"/>.
/// </summary>
public abstract class DatabaseTests(TestDatabases databases) : IAsyncLifetime
{
    protected TestDatabases Databases { get; } = databases;

    protected TestDatabase Database { get; private set; } = null!;

    /// <summary>The library on <see cref="Database"/>, with the system's clock.</summary>
    protected Agent Agent { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await Databases.OfClassAsync(GetType());
        Agent = new Agent(Database);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An id that no other test uses.</summary>
    protected static string NewId(string kind) => $"{kind}-{Guid.CreateVersion7()}";
}
