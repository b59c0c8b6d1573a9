using System.Collections.Concurrent;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Sessions.Storage;

/// <summary>
/// Saves outside transactions: of concurrent callers one saves alone, and the others share commits, unless their session is being saved
/// already. A shared commit never waits for a row and refuses nothing: what it leaves alone, because somebody holds the row or it is not
/// as expected, its caller saves alone.
/// </summary>
internal sealed class SharedSessionSaver : IAsyncDisposable, IDisposable
{
    private readonly StoreExecutor _executor;
    private readonly GroupCommit<SessionSave> _commits;
    private readonly ConcurrentDictionary<string, SessionSave> _shared = new(StringComparer.Ordinal);
    private int _isSavingAlone;

    public SharedSessionSaver(StoreExecutor executor)
    {
        _executor = executor;
        _commits = new GroupCommit<SessionSave>(CommitAsync, executor.Dialect.RunsInProcess);
    }

    /// <summary>Waits until the save is durable.</summary>
    /// <param name="save">The save.</param>
    /// <param name="saveAlone">Saves it by itself, or says why that cannot be done.</param>
    /// <param name="cancellationToken">Cancels the call as long as nothing may be stored.</param>
    public async Task<AgentSession> SaveAsync(
        SessionSave save, Func<CancellationToken, Task<AgentSession>> saveAlone, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isSavingAlone, 1) == 0)
        {
            try
            {
                return await saveAlone(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Volatile.Write(ref _isSavingAlone, 0);
            }
        }

        await TryShareAsync(save, cancellationToken).ConfigureAwait(false);
        return save.Saved ?? await saveAlone(save.MayBeStored ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    /// <summary>Saves in a shared commit, where that is possible at once.</summary>
    private async Task TryShareAsync(SessionSave save, CancellationToken cancellationToken)
    {
        if (!_shared.TryAdd(save.Id, save))
        {
            return;
        }

        try
        {
            await _commits.CommitAsync(save, 1, save.Size, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _shared.TryRemove(save.Id, out _);
        }
    }

    private async Task CommitAsync(IReadOnlyList<SessionSave> saves, CancellationToken cancellationToken)
    {
        try
        {
            await _executor.WriteAsync((unit, ct) => SaveAsync(unit, saves, ct), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not AgentPersistenceException && saves[0].MayBeStored)
        {
            // Some or all may be stored: halves of them would be saved again. Each finds out by itself.
        }
    }

    private static async Task<IReadOnlyList<SessionSave>> SaveAsync(
        UnitOfWork unit, IReadOnlyList<SessionSave> saves, CancellationToken cancellationToken)
    {
        if (unit.IsRepeat)
        {
            foreach (var save in saves)
            {
                save.MayBeStored = true;
            }

            return saves;
        }

        var stored = await unit.Command(unit.Dialect.SaveFreeSessions).Rows(SessionSave.Columns.Columns, saves).Text("active", SessionStore.Active)
            .ReadAllAsync(row => SessionRow.Read(row).Session, cancellationToken, unit.Dialect.IndexPlanResults).ConfigureAwait(false);
        var saved = stored.ToDictionary(session => session.Id);
        foreach (var save in saves)
        {
            save.Saved = saved.GetValueOrDefault(save.Id);
        }

        return saves;
    }
}
