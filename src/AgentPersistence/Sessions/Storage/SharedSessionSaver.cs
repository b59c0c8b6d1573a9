using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Sessions.Storage;

/// <summary>Saves outside transactions, in commits that concurrent callers share.</summary>
internal sealed class SharedSessionSaver(StoreExecutor executor) : IAsyncDisposable, IDisposable
{
    private readonly SharedWrites<SessionSave> _saves = new(executor, StoreAsync);

    /// <summary>Waits until the save is durable.</summary>
    /// <param name="save">The save.</param>
    /// <param name="saveAlone">Saves it by itself, or says why that cannot be done.</param>
    /// <param name="cancellationToken">Cancels the call as long as nothing may be stored.</param>
    public Task<AgentSession> SaveAsync(
        SessionSave save, Func<CancellationToken, Task<AgentSession>> saveAlone, CancellationToken cancellationToken) =>
        _saves.WriteAsync(save, static s => s.Saved!, saveAlone, cancellationToken);

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _saves.DisposeAsync();

    private static async Task StoreAsync(UnitOfWork unit, IReadOnlyList<SessionSave> saves, CancellationToken cancellationToken)
    {
        var stored = await unit.Command(unit.Dialect.SaveFreeSessions).Rows(SessionSave.Columns.Columns, saves).Text("active", SessionStore.Active)
            .ReadAllAsync(row => SessionRow.Read(row).Session, cancellationToken, unit.Dialect.IndexPlanResults).ConfigureAwait(false);
        var saved = stored.ToDictionary(session => session.Id);
        foreach (var save in saves)
        {
            save.Saved = saved.GetValueOrDefault(save.Id);
            save.IsStored = save.Saved is not null;
        }
    }
}
