using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>Results that are read again, outside transactions: of concurrent callers one reads alone, and the others share statements.</summary>
internal sealed class SharedReplays : IAsyncDisposable
{
    private const int MostTogether = 100;

    private readonly StoreExecutor _executor;
    private readonly GroupCommit<IdempotencyReplay> _reads;
    private readonly OneAlone _alone = new();

    public SharedReplays(StoreExecutor executor)
    {
        _executor = executor;
        _reads = new GroupCommit<IdempotencyReplay>(ReadAsync, executor.Dialect.RunsInProcess);
    }

    public Task<IdempotencyClaim?> FindAsync(
        IdempotencyReplay replay, Func<CancellationToken, Task<IdempotencyClaim?>> findAlone, CancellationToken cancellationToken) =>
        _alone.TryRunAsync(findAlone, cancellationToken) ?? FindTogetherAsync(replay, findAlone, cancellationToken);

    public ValueTask DisposeAsync() => _reads.DisposeAsync();

    private async Task<IdempotencyClaim?> FindTogetherAsync(
        IdempotencyReplay replay, Func<CancellationToken, Task<IdempotencyClaim?>> findAlone, CancellationToken cancellationToken)
    {
        // What others wait for as well goes on without a caller who cancels.
        await _reads.CommitAsync(replay, GroupCommit<IdempotencyReplay>.MaxRows / MostTogether, bytes: 0, cancellationToken)
            .AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return replay.IsAnswered ? replay.Answer : await findAlone(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(IReadOnlyList<IdempotencyReplay> replays, CancellationToken cancellationToken)
    {
        for (var i = 0; i < replays.Count; i++)
        {
            replays[i].Place = i;
        }

        try
        {
            await _executor.ReadAsync((unit, ct) => ReadAsync(unit, replays, ct), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not AgentPersistenceException)
        {
            // Each finds out by itself.
        }
    }

    private static async Task<bool> ReadAsync(UnitOfWork unit, IReadOnlyList<IdempotencyReplay> replays, CancellationToken cancellationToken)
    {
        var found = await unit.Command(unit.Dialect.FindReplays!).Rows(IdempotencyReplay.Columns.Columns, replays)
            .ReadAllAsync(
                row => (Place: (int)row.Number(0), IsLong: row.Flag(1), Epoch: row.Number(2), Result: row.TextOrNull(3)),
                cancellationToken,
                unit.Dialect.IndexPlanResults)
            .ConfigureAwait(false);
        foreach (var replay in replays)
        {
            replay.IsAnswered = true;
        }

        foreach (var row in found)
        {
            replays[row.Place].IsAnswered = !row.IsLong;
            replays[row.Place].Found(row.Epoch, row.Result);
        }

        return true;
    }
}
