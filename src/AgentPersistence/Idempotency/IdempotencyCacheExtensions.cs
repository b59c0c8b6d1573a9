namespace AgentPersistence.Idempotency;

/// <summary>Running what has no result.</summary>
public static class IdempotencyCacheExtensions
{
    /// <summary>
    /// Runs an operation without a result at most once, as
    /// <see cref="IIdempotencyCache.ExecuteAsync{T}(IdempotencyRequest, Func{CancellationToken, Task{T}}, CancellationToken)"/> does with
    /// a null <see cref="object"/>, which a mock sets up in its stead.
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="request">What must not happen twice.</param>
    /// <param name="operation">The operation; its token is cancelled when the claim is lost.</param>
    /// <param name="cancellationToken">Cancels waiting, and the operation.</param>
    /// <returns>A task that completes when the operation is done, now or earlier.</returns>
    /// <exception cref="ArgumentException">An argument is null, or a member of <paramref name="request"/> breaks its rule.</exception>
    /// <exception cref="IdempotencyInFlightException">Somebody else is running it.</exception>
    /// <exception cref="IdempotencyFailedException">It has failed for good.</exception>
    /// <exception cref="IdempotencyMismatchException">The key belongs to another request.</exception>
    /// <exception cref="IdempotencyIndeterminateException">A crash left it unknown whether it ran.</exception>
    /// <exception cref="LeaseLostException">The claim was lost while the operation ran.</exception>
    public static async Task ExecuteAsync(
        this IIdempotencyCache cache,
        IdempotencyRequest request,
        Func<CancellationToken, Task> operation,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(operation);
        await cache.ExecuteAsync<object?>(
            request,
            async token =>
            {
                await operation(token).ConfigureAwait(false);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
