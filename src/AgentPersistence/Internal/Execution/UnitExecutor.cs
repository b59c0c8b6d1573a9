using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>
/// Lets one store use another inside its own unit of work, so that both are stored together. Whoever began the unit repeats it, or not.
/// </summary>
internal sealed class UnitExecutor(
    DatabaseConnections connections, AgentPersistenceOptions options, TimeProvider timeProvider, UnitOfWork unit)
    : StoreExecutor(connections, options, timeProvider)
{
    public override bool InTransaction => true;

    public override async Task<(bool IsDone, T? Result)> TryAsync<T>(
        WorkKind kind,
        Patience patience,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        bool mayBeStored = false)
        where T : default => (true, await work(unit, cancellationToken).ConfigureAwait(false));

    protected override Task<T> RunAsync<T>(
        WorkKind kind, Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false) =>
        work(unit, cancellationToken);
}
