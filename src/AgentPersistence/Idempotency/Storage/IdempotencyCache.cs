using System.Text.Json;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Idempotency.Storage;

/// <param name="executor">How its work reaches the database.</param>
/// <param name="shared">What concurrent callers share; null inside a transaction.</param>
internal sealed class IdempotencyCache(StoreExecutor executor, SharedIdempotencyCalls? shared) : IIdempotencyCache
{
    private readonly IdempotencyTable _table = new(executor, shared);

    public Task<T> ExecuteAsync<T>(
        IdempotencyRequest request, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new IdempotentExecution(_table, executor, IdempotencyCall.Check(request, executor)).RunAsync(operation, cancellationToken);
    }

    public async Task<IdempotencyClaim> BeginAsync(IdempotencyRequest request, CancellationToken cancellationToken = default)
    {
        var call = IdempotencyCall.Check(request, executor);
        return (await _table.BeginAsync(call, call.WaitForOther, cancellationToken).ConfigureAwait(false)).Claim;
    }

    public Task RenewAsync(IdempotencyClaim claim, CancellationToken cancellationToken = default)
    {
        Check(claim);
        return _table.RenewAsync(claim, cancellationToken);
    }

    public Task CompleteAsync(IdempotencyClaim claim, JsonElement? result, CancellationToken cancellationToken = default)
    {
        Check(claim);
        var text = Input.Json(result, nameof(result), executor.Options.MaxJsonBytes);
        return _table.SettleAsync(claim, new(IdempotencyState.Completed, Result: text), cancellationToken);
    }

    public Task FailAsync(IdempotencyClaim claim, string error, CancellationToken cancellationToken = default)
    {
        Check(claim);
        ArgumentNullException.ThrowIfNull(error);
        return _table.SettleAsync(claim, new(IdempotencyState.Failed, Error: Input.Text(error)), cancellationToken);
    }

    public Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken = default)
    {
        Check(claim);
        return _table.SettleAsync(claim, IdempotencyOutcome.Released, cancellationToken);
    }

    public async Task<IdempotencyRecord?> FindAsync(string key, string scope = "", CancellationToken cancellationToken = default)
    {
        var (checkedKey, checkedScope) = (Input.Key(key, nameof(key)), Input.Scope(scope, nameof(scope)));
        var row = await _table.FindAsync(checkedScope, checkedKey, cancellationToken).ConfigureAwait(false);
        return row is { IsExpired: false } ? row.Record : null;
    }

    public Task<bool> ResolveAsync(
        string key, IdempotencyResolution resolution, string scope = "", CancellationToken cancellationToken = default)
    {
        var (checkedKey, checkedScope) = (Input.Key(key, nameof(key)), Input.Scope(scope, nameof(scope)));
        var outcome = IdempotencyOutcome.Check(resolution, executor.Options.MaxJsonBytes);
        return _table.ResolveAsync(checkedScope, checkedKey, outcome, cancellationToken);
    }

    private static void Check(IdempotencyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (claim.Disposition != IdempotencyDisposition.Acquired)
        {
            throw new ArgumentException($"The claim was not acquired: a begin answered {claim.Disposition}.", nameof(claim));
        }

        Input.Key(claim.Key, nameof(claim));
        Input.Scope(claim.Scope, nameof(claim));
    }
}
