using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Keeps the staged rows few where a program writes in transactions only, so that nobody else chains them: what an entry follows is sought
/// among all of them.
/// </summary>
internal sealed class StagedAuditRows(StoreExecutor executor)
{
    private const int MostTransactions = 256;
    private int _transactions;

    /// <summary>Called before a transaction; chains what the ones before have staged, from time to time.</summary>
    public async Task KeepFewAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _transactions) % MostTransactions != 0)
        {
            return;
        }

        try
        {
            await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A log that takes nothing more keeps nobody's transaction from its own work. Whoever appends, reads or verifies is told.
        }
    }
}
