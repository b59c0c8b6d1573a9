using System.Text.Json;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Leases;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>One call of ExecuteAsync: claim and run, or wait for what another caller's run gives.</summary>
internal sealed class IdempotentExecution(IdempotencyTable table, StoreExecutor executor, IdempotencyCall call)
{
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(cancellationToken).ConfigureAwait(false);
        if (begun.Claim.Disposition != IdempotencyDisposition.Acquired)
        {
            return Answer<T>(begun.Claim);
        }

        var ended = await RunHoldingAsync(begun, operation, cancellationToken).ConfigureAwait(false);
        if (ended.Exception is null)
        {
            return await StoreAsync(begun.Claim, ended.Result!, cancellationToken).ConfigureAwait(false);
        }

        await StoreFailureAsync(begun.Claim, ended.Exception.SourceException).ConfigureAwait(false);
        if (!ended.IsLost)
        {
            ended.Exception.Throw();
        }

        return await WinnersAnswerAsync<T>(IdempotencyTable.Lost(begun.Claim, ended.Exception.SourceException), cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<IdempotencyBegun> BeginAsync(CancellationToken cancellationToken)
    {
        var wait = new BoundedWait(call.WaitForOther, executor.TimeProvider);
        while (true)
        {
            var begun = await table.BeginAsync(call, wait.Left, cancellationToken).ConfigureAwait(false);
            if (begun.Claim.Disposition != IdempotencyDisposition.InFlight || wait.IsOver)
            {
                return begun;
            }

            await wait.PauseAsync(begun.Claim.RetryAfter, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<EndedOperation<T>> RunHoldingAsync<T>(
        IdempotencyBegun begun, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        // A claim inside a transaction is nobody else's until that ends, and the operation may be using its connection.
        var keeper = executor.InTransaction
            ? null
            : new LeaseKeeper(call.Lease, begun.HeldSince, ct => table.RenewAsync(begun.Claim, ct), executor.TimeProvider);
        return LeasedOperation.RunAsync(keeper, operation, cancellationToken);
    }

    private async Task<T> StoreAsync<T>(IdempotencyClaim claim, T result, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToElement(result, executor.Options.JsonSerializerOptions);
        var text = Input.Json(json, nameof(result), executor.Options.MaxJsonBytes);
        try
        {
            // The operation has run: its result is stored even for a caller who has gone.
            await table.SettleAsync(claim, new(IdempotencyState.Completed, Result: text), CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        catch (LeaseLostException lost)
        {
            return await WinnersAnswerAsync<T>(lost, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StoreFailureAsync(IdempotencyClaim claim, Exception exception)
    {
        var outcome = exception switch
        {
            IdempotencyFailedException failed => new IdempotencyOutcome(IdempotencyState.Failed, Error: Input.Text(failed.Error)),
            IdempotencyNotStartedException => IdempotencyOutcome.Released,
            _ when call.OnCrash == CrashPolicy.Block => IdempotencyOutcome.Unknown,
            _ => IdempotencyOutcome.Released,
        };
        try
        {
            await table.SettleAsync(claim, outcome, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller gets the operation's own exception; the claim ends with its lease.
        }
    }

    /// <summary>What a begin would answer, without beginning: this caller's run is over.</summary>
    private async Task<T> WinnersAnswerAsync<T>(LeaseLostException lost, CancellationToken cancellationToken)
    {
        var wait = new BoundedWait(call.WaitForOther, executor.TimeProvider);
        while (true)
        {
            var row = await table.FindAsync(call.Scope, call.Key, cancellationToken).ConfigureAwait(false);
            var claim = row?.AnswerTo(call);
            if (claim is { Disposition: not (IdempotencyDisposition.InFlight or IdempotencyDisposition.Acquired) })
            {
                return Answer<T>(claim);
            }

            // Where nobody holds the claim any more there is nobody to wait for.
            if (claim is not { Disposition: IdempotencyDisposition.InFlight } || wait.IsOver)
            {
                throw lost;
            }

            await wait.PauseAsync(claim.RetryAfter, cancellationToken).ConfigureAwait(false);
        }
    }

    private T Answer<T>(IdempotencyClaim claim) => claim.Disposition switch
    {
        IdempotencyDisposition.Replay => Read<T>(claim.Result),
        IdempotencyDisposition.ReplayFailure => throw new IdempotencyFailedException(call.Key, claim.Error!, call.Scope),
        IdempotencyDisposition.Mismatch => throw new IdempotencyMismatchException(call.Key, call.Scope),
        IdempotencyDisposition.Indeterminate => throw new IdempotencyIndeterminateException(call.Key, call.Scope),
        _ => throw new IdempotencyInFlightException(call.Key, claim.RetryAfter, call.Scope),
    };

    private T Read<T>(JsonElement? result)
    {
        if (result is { } json)
        {
            return json.Deserialize<T>(executor.Options.JsonSerializerOptions)!;
        }

        return default(T) is null
            ? default!
            : throw new JsonException($"The operation was completed without a result, which cannot be read as {typeof(T).Name}.");
    }
}
