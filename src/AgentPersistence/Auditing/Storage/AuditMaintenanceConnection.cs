using AgentPersistence.Database;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;

namespace AgentPersistence.Auditing.Storage;

/// <summary>How prune and erase reach the database: by the connection that is configured for them, or by everybody's.</summary>
internal sealed class AuditMaintenanceConnection : IAsyncDisposable, IDisposable
{
    private readonly DatabaseConnections? _own;

    public AuditMaintenanceConnection(OwnConnectionExecutor shared)
    {
        var options = shared.Options;
        if (options.Auditing.MaintenanceConnectionString is { } connectionString)
        {
            var choice = (options.Database ?? DatabaseChoice.Default()).WithConnectionString(connectionString);
            _own = ProviderSelection.Connect(choice, options, shared.TimeProvider);
        }

        Executor = _own is null ? shared : new OwnConnectionExecutor(_own, options, shared.TimeProvider);
    }

    public StoreExecutor Executor { get; }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
