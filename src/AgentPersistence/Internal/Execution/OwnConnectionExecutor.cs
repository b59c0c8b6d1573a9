using System.Data.Common;
using System.Runtime.CompilerServices;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>Runs each piece of work on a connection of its own, and again after a passing fault, within a bounded time.</summary>
internal sealed class OwnConnectionExecutor(DatabaseConnections connections, AgentPersistenceOptions options, TimeProvider timeProvider)
    : StoreExecutor(connections, options, timeProvider)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);

    public override bool InTransaction => false;

    /// <summary>Begins a transaction that the caller ends by committing or disposing the unit.</summary>
    public Task<UnitOfWork> BeginAsync(CancellationToken cancellationToken) =>
        RepeatAsync(
            _ => new ValueTask<UnitOfWork>(Connections.OpenAsync(WorkKind.OpenTransaction, isRepeat: false, cancellationToken)),
            mayBeStored: false,
            cancellationToken);

    /// <summary>Begins a transaction for work that passes it on.</summary>
    public async Task<JoinedTransaction> JoinAsync(CancellationToken cancellationToken)
    {
        var unit = await BeginAsync(cancellationToken).ConfigureAwait(false);
        return new JoinedTransaction(new TransactionExecutor(Connections, Options, TimeProvider, unit.Transaction!), unit);
    }

    public override Task<(bool IsDone, T? Result)> TryAsync<T>(
        WorkKind kind,
        Patience patience,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        bool mayBeStored = false)
        where T : default =>
        RepeatAsync<(bool, T?)>(
            async attempt =>
            {
                try
                {
                    return (true, await AttemptAsync(attempt, kind, work, cancellationToken, patience).ConfigureAwait(false));
                }
                catch (Exception exception) when (Dialect.Classify(exception) == DatabaseFault.Locked)
                {
                    return (false, default);
                }
            },
            mayBeStored,
            cancellationToken);

    protected override Task<T> RunAsync<T>(
        WorkKind kind, Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false) =>
        RepeatAsync(attempt => AttemptAsync(attempt, kind, work, cancellationToken), mayBeStored, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> AttemptAsync<T>(
        Attempt attempt,
        WorkKind kind,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        Patience? patience = null)
    {
        await using var unit = await Connections.OpenAsync(kind, attempt.MayBeStored, cancellationToken, patience).ConfigureAwait(false);
        attempt.IsWriting = kind is WorkKind.Write or WorkKind.Transaction;
        var result = await work(unit, cancellationToken).ConfigureAwait(false);
        await unit.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async Task<T> RepeatAsync<T>(Func<Attempt, ValueTask<T>> run, bool mayBeStored, CancellationToken cancellationToken)
    {
        using var suppressed = SuppressAmbientTransaction();

        // The bound is real time: a test's clock that stands still must not make this endless.
        var started = TimeProvider.System.GetTimestamp();
        var delay = FirstDelay;
        var attempt = new Attempt { MayBeStored = mayBeStored };
        while (true)
        {
            try
            {
                attempt.IsWriting = false;
                return await run(attempt).ConfigureAwait(false);
            }
            catch (Exception exception) when (Classify(exception, attempt) is var fault and not DatabaseFault.Permanent)
            {
                attempt.MayBeStored |= attempt.IsWriting && fault == DatabaseFault.ConnectionLost;
                if (fault == DatabaseFault.NotMigrated)
                {
                    throw Failures.NotMigrated(exception);
                }

                if (TimeProvider.System.GetElapsedTime(started) + delay > Options.RetryTimeout)
                {
                    throw Failures.Unavailable(exception, attempt.MayBeStored, Options.RetryTimeout);
                }
            }

            // Jitter, so that callers who failed together do not come back together.
            await Task.Delay(delay * (0.5 + (Random.Shared.NextDouble() / 2)), cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    // Whoever is not let in again cannot ask what became of the write: that is no answer to it.
    private DatabaseFault Classify(Exception exception, Attempt attempt) =>
        attempt is { MayBeStored: true, IsWriting: false } && exception is DbException ? DatabaseFault.Refused : Dialect.Classify(exception);

    /// <summary>What the attempts so far have left behind.</summary>
    private sealed class Attempt
    {
        public bool IsWriting { get; set; }

        public bool MayBeStored { get; set; }
    }
}
