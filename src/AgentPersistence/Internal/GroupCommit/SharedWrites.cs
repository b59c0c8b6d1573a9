using System.Collections.Concurrent;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Writes of one row each, outside transactions: of concurrent callers one writes alone, and the others share commits, unless their row is
/// being written already. A shared commit waits for no transaction of a caller's, and refuses nothing: what it leaves alone, because somebody
/// holds the row or it is not as expected, its caller writes alone.
/// </summary>
internal sealed class SharedWrites<TWrite> : IAsyncDisposable
    where TWrite : SharedWrite
{
    /// <summary>What is longer holds up nobody else.</summary>
    private const int MostBytes = 256 * 1024;

    private readonly StoreExecutor _executor;
    private readonly Func<UnitOfWork, IReadOnlyList<TWrite>, CancellationToken, Task> _store;
    private readonly GroupCommit<TWrite> _commits;
    private readonly ConcurrentDictionary<string, TWrite> _shared = new(StringComparer.Ordinal);
    private readonly OneAlone _alone = new();

    /// <param name="executor">How a commit reaches the database.</param>
    /// <param name="store">Stores those of the writes that are possible at once, and says of each that it is.</param>
    public SharedWrites(StoreExecutor executor, Func<UnitOfWork, IReadOnlyList<TWrite>, CancellationToken, Task> store)
    {
        (_executor, _store) = (executor, store);
        _commits = new GroupCommit<TWrite>(CommitAsync, executor.Dialect.RunsInProcess);
    }

    /// <summary>Waits until the write is durable.</summary>
    /// <param name="write">The write.</param>
    /// <param name="answer">What its caller gets if a shared commit has stored it.</param>
    /// <param name="writeAlone">Writes it by itself, or says why that cannot be done.</param>
    /// <param name="cancellationToken">Cancels the call as long as nothing may be stored.</param>
    public Task<T> WriteAsync<T>(
        TWrite write, Func<TWrite, T> answer, Func<CancellationToken, Task<T>> writeAlone, CancellationToken cancellationToken) =>
        _alone.TryRunAsync(writeAlone, cancellationToken) ?? WriteTogetherAsync(write, answer, writeAlone, cancellationToken);

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<T> WriteTogetherAsync<T>(
        TWrite write, Func<TWrite, T> answer, Func<CancellationToken, Task<T>> writeAlone, CancellationToken cancellationToken)
    {
        await TryShareAsync(write, cancellationToken).ConfigureAwait(false);
        return write.IsStored
            ? answer(write)
            : await writeAlone(write.MayBeStored ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes in a shared commit, where that is possible at once.</summary>
    private async Task TryShareAsync(TWrite write, CancellationToken cancellationToken)
    {
        if (write.Size > MostBytes || !_shared.TryAdd(write.Row, write))
        {
            return;
        }

        try
        {
            await _commits.CommitAsync(write, write.Weight, write.Size, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _shared.TryRemove(write.Row, out _);
        }
    }

    private async Task CommitAsync(IReadOnlyList<TWrite> writes, CancellationToken cancellationToken)
    {
        try
        {
            await _executor.WriteAsync((unit, ct) => StoreAsync(unit, writes, ct), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not AgentPersistenceException && writes[0].MayBeStored)
        {
            // Some or all may be stored: halves of them would be written again. Each finds out by itself.
        }
    }

    private async Task<IReadOnlyList<TWrite>> StoreAsync(UnitOfWork unit, IReadOnlyList<TWrite> writes, CancellationToken cancellationToken)
    {
        if (!unit.IsRepeat)
        {
            await _store(unit, writes, cancellationToken).ConfigureAwait(false);
            return writes;
        }

        foreach (var write in writes)
        {
            write.MayBeStored = true;
        }

        return writes;
    }
}
