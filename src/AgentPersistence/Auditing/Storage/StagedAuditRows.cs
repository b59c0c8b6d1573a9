using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Keeps the staged rows few where a program writes in transactions only, so that nobody else chains them: what an entry follows is sought
/// among all of them.
/// </summary>
internal sealed class StagedAuditRows(StoreExecutor executor)
{
    private const int MostTransactions = 256;

    // Who only wants to begin does not wait for whoever holds the head, or for a database that is away.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int _transactions;

    /// <summary>Called before a transaction; chains what the ones before have staged, from time to time.</summary>
    public async Task KeepFewAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _transactions) % MostTransactions != 0)
        {
            return;
        }

        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            await AuditChain.ChainStagedAsync(executor, bounded.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A log that takes nothing more keeps nobody's transaction from its own work. Whoever appends, reads or verifies is told.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
