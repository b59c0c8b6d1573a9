namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A suite in which each test has a database of its own, because it looks at whole tables or at what the server does.</summary>
public abstract class OwnDatabaseTests(TestDatabases databases) : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    /// <summary>The library on <see cref="Database"/>, with the system's clock.</summary>
    protected Agent Agent { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await databases.CreateAsync();
        Agent = new Agent(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
