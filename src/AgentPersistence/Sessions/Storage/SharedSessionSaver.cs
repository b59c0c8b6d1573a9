using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Sessions.Storage;

/// <summary>
/// Saves outside transactions: of concurrent callers one saves alone, and the others share commits. A shared commit never waits for a
/// row and refuses nothing: what it leaves alone, because somebody holds the row or it is not as expected, its caller saves alone.
/// </summary>
internal sealed class SharedSessionSaver : IAsyncDisposable, IDisposable
{
    private readonly StoreExecutor _executor;
    private readonly GroupCommit<SessionSave> _commits;
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

        await _commits.CommitAsync(save, 1, save.Size, cancellationToken).ConfigureAwait(false);
        return save.Saved ?? await saveAlone(save.MayBeStored ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private Task<IReadOnlyList<SessionSave>> CommitAsync(
        IReadOnlyList<SessionSave> saves, CancellationToken cancellationToken) => _executor.WriteAsync(
        async (unit, ct) =>
        {
            // Of two saves of one session one is left alone, to be judged by what the other has made of it.
            var first = saves.DistinctBy(s => s.Id).ToDictionary(s => s.Id);
            foreach (var save in saves)
            {
                save.MayBeStored |= unit.IsRepeat;
            }

            if (!unit.IsRepeat)
            {
                var stored = await unit.Command(unit.Dialect.SaveFreeSessions).Rows(SessionSave.Columns.Columns, [.. first.Values])
                    .Text("active", SessionStore.Active)
                    .ReadAllAsync(row => SessionRow.Read(row).Session, ct, unit.Dialect.IndexPlanResults).ConfigureAwait(false);
                stored.ForEach(session => first[session.Id].Saved = session);
            }

            return saves;
        },
        cancellationToken);
}
