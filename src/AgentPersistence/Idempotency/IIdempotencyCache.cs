using System.Text.Json;

namespace AgentPersistence.Idempotency;

/// <summary>
/// Runs what must not happen twice: one caller of all processes claims a key, the others get its outcome. When a call returns, what it
/// wrote is durable.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(IdempotencyRequest.Key)</c>). The text of JSON is taken before the
/// first await. Complete, fail and release may be repeated: a call whose answer was lost has still succeeded; where the key has been
/// claimed again before that could be seen, it throws <see cref="WriteInDoubtException"/>.
/// </remarks>
public interface IIdempotencyCache
{
    /// <summary>
    /// Runs the operation, or answers with what it gave when it ran before. Renews the lease while it runs. The result is stored as
    /// JSON; null is stored as a JSON null.
    /// </summary>
    /// <typeparam name="T">The result, which System.Text.Json must be able to write and read.</typeparam>
    /// <param name="request">What must not happen twice.</param>
    /// <param name="operation">
    /// The operation. An exception of its own always reaches the caller; it releases the claim, or with <see cref="CrashPolicy.Block"/>
    /// leaves it indeterminate. <see cref="IdempotencyFailedException"/> is stored and replayed;
    /// <see cref="IdempotencyNotStartedException"/> always releases. Its token is cancelled when the claim is lost.
    /// </param>
    /// <param name="cancellationToken">Cancels waiting, and the operation.</param>
    /// <returns>The operation's result, from this call or an earlier one.</returns>
    /// <exception cref="ArgumentException">An argument is null, or a member of <paramref name="request"/> breaks its rule.</exception>
    /// <exception cref="IdempotencyInFlightException">
    /// Somebody else is running it, beyond <see cref="IdempotencyRequest.WaitForOther"/>.
    /// </exception>
    /// <exception cref="IdempotencyFailedException">It has failed for good.</exception>
    /// <exception cref="IdempotencyMismatchException">The key belongs to another request.</exception>
    /// <exception cref="IdempotencyIndeterminateException">A crash left it unknown whether it ran.</exception>
    /// <exception cref="LeaseLostException">
    /// The claim was lost while the operation ran, and nobody else runs it, or no outcome followed in time.
    /// </exception>
    /// <exception cref="JsonException">The stored result cannot be read as <typeparamref name="T"/>.</exception>
    Task<T> ExecuteAsync<T>(
        IdempotencyRequest request, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks for the claim to a key, in one round trip. Exactly one caller at a time acquires it. Does not wait for its holder, but for
    /// an open transaction in which the key is being claimed or settled: at most <see cref="IdempotencyRequest.WaitForOther"/>, and at
    /// least 50 milliseconds.
    /// </summary>
    /// <param name="request">What must not happen twice.</param>
    /// <param name="cancellationToken">Cancels the call; the claim may be taken all the same, until its lease lapses.</param>
    /// <returns>The claim, or why there is none. A disposition is an answer, never an exception.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="request"/> breaks its documented rule.</exception>
    Task<IdempotencyClaim> BeginAsync(IdempotencyRequest request, CancellationToken cancellationToken = default);

    /// <summary>Holds an acquired claim for another lease, from now.</summary>
    /// <param name="claim">The claim, as acquired.</param>
    /// <param name="cancellationToken">Cancels the call; the lease may be renewed all the same.</param>
    /// <returns>A task that completes when the lease is renewed.</returns>
    /// <exception cref="ArgumentException">The claim was not acquired.</exception>
    /// <exception cref="LeaseLostException">Another claim took over, or the operation is settled.</exception>
    Task RenewAsync(IdempotencyClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Stores the operation's result, to be replayed until it expires.</summary>
    /// <param name="claim">The claim, as acquired.</param>
    /// <param name="result">
    /// Strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none, which differs from a JSON null.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; the result may be stored all the same.</param>
    /// <returns>A task that completes when the result is durable.</returns>
    /// <exception cref="ArgumentException">The claim was not acquired, or the result breaks a rule above.</exception>
    /// <exception cref="LeaseLostException">Another claim took over, or the operation is settled. Nothing was stored.</exception>
    Task CompleteAsync(IdempotencyClaim claim, JsonElement? result, CancellationToken cancellationToken = default);

    /// <summary>Stores that the operation has failed for good, to be replayed until it expires.</summary>
    /// <param name="claim">The claim, as acquired.</param>
    /// <param name="error">Why, as free text that later callers will see.</param>
    /// <param name="cancellationToken">Cancels the call; the failure may be stored all the same.</param>
    /// <returns>A task that completes when the failure is durable.</returns>
    /// <exception cref="ArgumentException">The claim was not acquired, or the error is null.</exception>
    /// <exception cref="LeaseLostException">Another claim took over, or the operation is settled. Nothing was stored.</exception>
#pragma warning disable CA1716 // Visual Basic escapes the name; the contract fixes it.
    Task FailAsync(IdempotencyClaim claim, string error, CancellationToken cancellationToken = default);
#pragma warning restore CA1716

    /// <summary>Gives the claim back without an outcome: the operation has had no effect and may be tried again.</summary>
    /// <param name="claim">The claim, as acquired.</param>
    /// <param name="cancellationToken">Cancels the call; the claim may be released all the same.</param>
    /// <returns>A task that completes when the claim is released.</returns>
    /// <exception cref="ArgumentException">The claim was not acquired.</exception>
    /// <exception cref="LeaseLostException">Another claim took over, or the operation is settled. Nothing was stored.</exception>
    Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Reads a key. Locks nothing.</summary>
    /// <param name="key">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="scope">The key's scope; may be empty, otherwise under the same limits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The record, or null if there is none or it has expired.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<IdempotencyRecord?> FindAsync(string key, string scope = "", CancellationToken cancellationToken = default);

    /// <summary>Settles an operation that a crash left indeterminate.</summary>
    /// <param name="key">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="resolution">How it is settled.</param>
    /// <param name="scope">The key's scope; may be empty, otherwise under the same limits.</param>
    /// <param name="cancellationToken">Cancels the call; the resolution may be stored all the same.</param>
    /// <returns>Whether it was settled by this call; false if it is not indeterminate.</returns>
    /// <exception cref="ArgumentException">An argument or a member of <paramref name="resolution"/> breaks its rule.</exception>
    Task<bool> ResolveAsync(
        string key, IdempotencyResolution resolution, string scope = "", CancellationToken cancellationToken = default);
}
