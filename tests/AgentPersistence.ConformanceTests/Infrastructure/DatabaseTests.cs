namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>
/// What every abstract suite derives from. The tests of one class share <see cref="Database"/> and keep apart by ids of their own;
/// a test that looks at whole tables takes a database of its own from <see cref="Databases"/>.
/// </summary>
public abstract class DatabaseTests(TestDatabases databases) : IAsyncLifetime
{
    private TcpCutProxy? _proxy;
    private Agent? _behindProxy;

    protected TestDatabases Databases { get; } = databases;

    protected TestDatabase Database { get; private set; } = null!;

    /// <summary>The library on <see cref="Database"/>, with the system's clock.</summary>
    protected Agent Agent { get; private set; } = null!;

    /// <summary>A way to the database on which connections break; PostgreSQL only.</summary>
    protected TcpCutProxy Proxy => _proxy ??= TcpCutProxy.Start(Database.ConnectionString);

    /// <summary>The library on that way.</summary>
    protected Agent BehindProxy => _behindProxy ??= new Agent(Database.Kind, Proxy.ConnectionString);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await Databases.OfClassAsync(GetType());
        Agent = new Agent(Database);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        if (_behindProxy is not null)
        {
            await _behindProxy.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>An id that no other test uses.</summary>
    protected static string NewId(string kind) => $"{kind}-{Guid.CreateVersion7()}";
}
