using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>
/// What concurrent callers share outside transactions: the commits of claims of new keys and of outcomes, and the reading of results.
/// </summary>
internal sealed class SharedIdempotencyCalls(StoreExecutor executor) : IAsyncDisposable, IDisposable
{
    private readonly SharedWrites<IdempotencyNewClaim> _claims = new(
        executor, (unit, claims, ct) => ClaimAsync(unit, claims, executor.TimeProvider.GetTimestamp(), ct));
    private readonly SharedWrites<IdempotencySettlement> _settlements = new(executor, SettleAsync);
    private readonly SharedReplays _replays = new(executor);

    /// <summary>What is stored for the request; null where there is nothing to replay.</summary>
    /// <param name="replay">The request.</param>
    /// <param name="findAlone">Asks by itself.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IdempotencyClaim?> FindReplayAsync(
        IdempotencyReplay replay, Func<CancellationToken, Task<IdempotencyClaim?>> findAlone, CancellationToken cancellationToken) =>
        _replays.FindAsync(replay, findAlone, cancellationToken);

    /// <summary>Waits until the claim is durable. Where a key is better read first, it is asked for by itself.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="claimAlone">Asks for the claim by itself.</param>
    /// <param name="cancellationToken">Cancels the call as long as nothing may be stored.</param>
    public Task<IdempotencyBegun?> ClaimAsync(
        IdempotencyNewClaim claim, Func<CancellationToken, Task<IdempotencyBegun?>> claimAlone, CancellationToken cancellationToken) =>
        executor.Dialect.ClaimNewIdempotentKeys is null
            ? claimAlone(cancellationToken)
            : _claims.WriteAsync(claim, static c => new(c.Call.Acquired(), c.SentAt!.Value), claimAlone, cancellationToken);

    /// <summary>Waits until the outcome is durable.</summary>
    /// <param name="settlement">The outcome, which its holder knows.</param>
    /// <param name="settleAlone">Stores it by itself, or says why that cannot be done.</param>
    /// <param name="cancellationToken">Cancels the call as long as nothing may be stored.</param>
    public Task SettleAsync(
        IdempotencySettlement settlement, Func<CancellationToken, Task<bool>> settleAlone, CancellationToken cancellationToken) =>
        _settlements.WriteAsync(settlement, static _ => true, settleAlone, cancellationToken);

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _replays.DisposeAsync().ConfigureAwait(false);
        await _claims.DisposeAsync().ConfigureAwait(false);
        await _settlements.DisposeAsync().ConfigureAwait(false);
    }

    private static Task ClaimAsync(
        UnitOfWork unit, IReadOnlyList<IdempotencyNewClaim> claims, long sentAt, CancellationToken cancellationToken)
    {
        foreach (var claim in claims)
        {
            claim.SentAt = sentAt;
        }

        return StoreAsync(
            unit, unit.Dialect.ClaimNewIdempotentKeys!, IdempotencyNewClaim.Columns, claims, c => (c.Row, c.Call.Token), cancellationToken);
    }

    private static Task SettleAsync(UnitOfWork unit, IReadOnlyList<IdempotencySettlement> settlements, CancellationToken cancellationToken) =>
        StoreAsync(
            unit, unit.Dialect.SettleFreeIdempotent, IdempotencySettlement.Columns, settlements, s => (s.Row, s.Claim.Token), cancellationToken);

    /// <summary>Runs a statement that answers with the keys and tokens of what it has stored.</summary>
    private static async Task StoreAsync<TWrite>(
        UnitOfWork unit,
        SqlStatement statement,
        BulkInsert<TWrite> columns,
        IReadOnlyList<TWrite> writes,
        Func<TWrite, (string Row, Guid Token)> identify,
        CancellationToken cancellationToken)
        where TWrite : SharedWrite
    {
        var stored = await unit.Command(statement).Rows(columns.Columns, writes)
            .ReadAllAsync(
                row => (IdempotencyCall.About(row.Text(0), row.Text(1)), row.Id(2)), cancellationToken, unit.Dialect.IndexPlanResults)
            .ConfigureAwait(false);
        var all = stored.ToHashSet();
        foreach (var write in writes)
        {
            write.IsStored = all.Contains(identify(write));
        }
    }
}
