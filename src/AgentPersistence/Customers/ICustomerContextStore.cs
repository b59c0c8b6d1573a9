namespace AgentPersistence.Customers;

/// <summary>What is remembered about customers. When a call returns, what it wrote is durable.</summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(CustomerInteraction.Notes)</c>). The text of JSON members is taken
/// before the first await.
/// </remarks>
public interface ICustomerContextStore
{
    /// <summary>Reads a customer's context.</summary>
    /// <param name="customerId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The context, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="customerId"/> breaks a rule above.</exception>
    Task<CustomerContext?> FindAsync(string customerId, CancellationToken cancellationToken = default);

    /// <summary>Sets what is given and keeps the rest; creates the context if there is none. Counts no interaction.</summary>
    /// <param name="customerId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="update">What to set.</param>
    /// <param name="cancellationToken">Cancels the call; the update may be stored all the same.</param>
    /// <returns>The context as stored.</returns>
    /// <exception cref="ArgumentException">An argument or a member of <paramref name="update"/> breaks its rule.</exception>
    /// <exception cref="CustomerConflictException">Somebody else wrote since the expected version. Nothing was stored.</exception>
    /// <exception cref="WriteInDoubtException">
    /// The database's answer was lost and somebody else has written since: an update with an expected version may or may not be stored.
    /// </exception>
    Task<CustomerContext> SetAsync(string customerId, CustomerContextUpdate update, CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts an interaction, and a denial if it was one, moves the latest date on, and merges its notes; creates the context if there
    /// is none. Concurrent calls are all counted.
    /// </summary>
    /// <param name="customerId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="interaction">The interaction.</param>
    /// <param name="cancellationToken">Cancels the call; the interaction may be counted all the same.</param>
    /// <returns>The context as stored.</returns>
    /// <exception cref="ArgumentException">
    /// An argument or a member of <paramref name="interaction"/> breaks its rule, or the merged notes would be too large.
    /// </exception>
    /// <exception cref="WriteInDoubtException">
    /// The database's answer was lost and somebody else has written since: the interaction may or may not be counted.
    /// </exception>
    Task<CustomerContext> RecordInteractionAsync(
        string customerId, CustomerInteraction interaction, CancellationToken cancellationToken = default);

    /// <summary>Forgets a customer.</summary>
    /// <param name="customerId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call; the context may be deleted all the same.</param>
    /// <returns>Whether there was a context.</returns>
    /// <exception cref="ArgumentException"><paramref name="customerId"/> breaks a rule above.</exception>
    Task<bool> DeleteAsync(string customerId, CancellationToken cancellationToken = default);
}
