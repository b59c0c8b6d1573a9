using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Leases;

namespace AgentPersistence.Transactions.Storage;

/// <summary>One call of RollBackAsync: claim, compensate and mark, or wait for what another's compensation comes to.</summary>
internal sealed class Rollback(TransactionTable table, StoreExecutor executor, RollbackCall call)
{
    /// <param name="id">The transaction.</param>
    /// <param name="way">Compensates and marks under a claim; returns the transaction as marked.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The transaction, rolled back unless it has failed and is to be left.</returns>
    public async Task<RollbackReceipt> RunAsync(
        Guid id, Func<Rollback, RollbackClaim, Task<JournaledTransaction>> way, CancellationToken cancellationToken)
    {
        var wait = new BoundedWait(call.WaitForOther, executor.TimeProvider);
        while (true)
        {
            // Read first: whoever comes second mostly finds it done, and reading locks nothing.
            var row = await table.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (row.IsRolledBack || (call.LeavesFailed && row.Record.Status == TransactionStatus.Failed))
            {
                return new(row.Record, AlreadyRolledBack: row.IsRolledBack);
            }

            if (row.LeaseLeft <= TimeSpan.Zero)
            {
                if (await TryClaimAsync(id, cancellationToken).ConfigureAwait(false) is { } claim)
                {
                    return new(await way(this, claim).ConfigureAwait(false), AlreadyRolledBack: false);
                }
            }
            else if (wait.IsOver)
            {
                throw new RollbackInFlightException(id, row.LeaseLeft);
            }
            else
            {
                await wait.PauseAsync(row.LeaseLeft, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Compensates outside, and then marks.</summary>
    public async Task<JournaledTransaction> CompensateAsync(
        RollbackClaim claim, Func<Compensation, CancellationToken, Task> compensate, CancellationToken cancellationToken)
    {
        try
        {
            await HoldAsync(claim, keeps: !executor.InTransaction, ct => compensate(claim.Compensation, ct), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await TryReleaseAsync(claim.Id, claim.Token, exception).ConfigureAwait(false);
            throw;
        }

        // The compensation has run: it is marked even for a caller who has gone. Where that fails the lease must lapse first.
        return await table.MarkAsync(claim, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Compensates and marks in one transaction.</summary>
    public async Task<JournaledTransaction> CompensateInsideAsync(
        RollbackClaim claim,
        Func<CancellationToken, Task<JoinedTransaction>> join,
        Func<Compensation, TransactionExecutor, CancellationToken, Task> compensate,
        CancellationToken cancellationToken)
    {
        var isCommitting = false;
        try
        {
            await using var transaction = await join(cancellationToken).ConfigureAwait(false);
            var marked = await CompensateAsync(
                transaction.Executor, claim, (c, ct) => compensate(c, transaction.Executor, ct), cancellationToken).ConfigureAwait(false);
            isCommitting = true;
            await transaction.CommitAsync().ConfigureAwait(false);
            return marked;
        }
        catch (Exception exception)
        {
            var row = await TryReleaseAsync(claim.Id, claim.Token, exception).ConfigureAwait(false);
            if (row?.IsMarkedBy(claim.Token) == true)
            {
                return row.Record;
            }

            if (isCommitting && row is not null && exception is WriteInDoubtException)
            {
                throw new AgentPersistenceException(
                    $"The connection was lost before the roll back of transaction {claim.Id} was committed: nothing was stored. Call it again.",
                    exception);
            }

            throw;
        }
    }

    private async Task<JournaledTransaction> CompensateAsync(
        TransactionExecutor inside,
        RollbackClaim claim,
        Func<Compensation, CancellationToken, Task> compensate,
        CancellationToken cancellationToken)
    {
        var bound = new TransactionTable(inside);
        var excludesOthers = executor.Dialect.WritesExcludeEachOther;
        if (excludesOthers)
        {
            // It has waited for all other writers and may have lost the claim; from here on it cannot, and a renewal would wait for it.
            await bound.RenewAsync(claim, cancellationToken).ConfigureAwait(false);
        }

        await HoldAsync(claim, keeps: !executor.InTransaction && !excludesOthers, ct => compensate(claim.Compensation, ct), cancellationToken)
            .ConfigureAwait(false);
        return await bound.MarkAsync(claim, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<RollbackClaim?> TryClaimAsync(Guid id, CancellationToken cancellationToken)
    {
        var token = executor.Ids.Next();
        try
        {
            return await table.TryClaimAsync(id, token, call, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            // It may be stored all the same, and then nobody could settle the transaction.
            await TryReleaseAsync(id, token, exception).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives a claim back after a failure; null where how the transaction then stands cannot be told.</summary>
    private async Task<TransactionRow?> TryReleaseAsync(Guid id, Guid token, Exception failure)
    {
        try
        {
            return await table.ReleaseAsync(id, token, Input.Text(failure.Message), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller gets what failed; the claim ends with its lease.
            return null;
        }
    }

    private async Task HoldAsync(
        RollbackClaim claim, bool keeps, Func<CancellationToken, Task> compensate, CancellationToken cancellationToken)
    {
        var keeper = keeps
            ? new LeaseKeeper(claim.Lease, claim.HeldSince, ct => table.RenewAsync(claim, ct), executor.TimeProvider)
            : null;
        var ended = await LeasedOperation.RunAsync(
            keeper,
            async ct =>
            {
                await compensate(ct).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (ended.IsLost)
        {
            throw TransactionTable.Lost(claim, ended.Exception!.SourceException);
        }

        ended.Exception?.Throw();
    }
}
