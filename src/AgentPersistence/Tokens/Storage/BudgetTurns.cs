using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Tokens.Storage;

/// <summary>
/// Turns at budgets, which their callers lock: few connections are as fast as many, and all that wait for one that somebody's transaction
/// holds leave the others to everybody else. They wait in short tries, with connections of their own.
/// </summary>
internal sealed class BudgetTurns(TimeSpan longest)
{
    private const int MostConnections = 16;
    private const int MostConnectionsThatWait = 8;

    private readonly SemaphoreSlim _turns = new(MostConnections);
    private readonly SemaphoreSlim _waitingTurns = new(MostConnectionsThatWait);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _waiters = new(StringComparer.Ordinal);

    /// <summary>Tries until the budget is free, as long as calls are repeated. Cancelling ends it between two tries, or in one.</summary>
    /// <param name="budget">What names the budget; null where it is not known.</param>
    /// <param name="run">One try.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<T?> RunAsync<T>(string? budget, Func<Task<BudgetTry<T>>> run, CancellationToken cancellationToken)
    {
        // The bound is real time: a test's clock that stands still must not make this endless.
        var started = TimeProvider.System.GetTimestamp();
        var turns = IsWaitedFor(budget) ? _waitingTurns : _turns;
        var (isWaiting, mayBeStored) = (false, false);
        try
        {
            while (true)
            {
                var done = await TakeTurnAsync(turns, run, cancellationToken).ConfigureAwait(false);
                if (!done.IsHeld)
                {
                    return done.Result;
                }

                mayBeStored |= done.MayBeStored;
                if (TimeProvider.System.GetElapsedTime(started) >= longest)
                {
                    throw Failures.Unavailable(new TimeoutException("A transaction holds the budget."), mayBeStored, longest);
                }

                if (!isWaiting)
                {
                    (isWaiting, turns) = (true, _waitingTurns);
                    Count(budget, 1);
                }
            }
        }
        finally
        {
            if (isWaiting)
            {
                Count(budget, -1);
            }
        }
    }

    private static async Task<BudgetTry<T>> TakeTurnAsync<T>(
        SemaphoreSlim turns, Func<Task<BudgetTry<T>>> run, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    private bool IsWaitedFor(string? budget)
    {
        lock (_gate)
        {
            return budget is not null && _waiters.ContainsKey(budget);
        }
    }

    private void Count(string? budget, int change)
    {
        if (budget is null)
        {
            return;
        }

        lock (_gate)
        {
            if ((_waiters[budget] = _waiters.GetValueOrDefault(budget) + change) == 0)
            {
                _waiters.Remove(budget);
            }
        }
    }
}

/// <summary>What became of one try: nothing where somebody's transaction held the budget.</summary>
internal readonly record struct BudgetTry<T>(bool IsHeld, bool MayBeStored, T? Result);
