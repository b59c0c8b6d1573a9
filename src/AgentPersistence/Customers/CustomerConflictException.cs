namespace AgentPersistence.Customers;

/// <summary>Somebody else wrote the customer's context since the version the caller started from. Nothing was stored.</summary>
/// <param name="customerId">The customer's id.</param>
/// <param name="expectedVersion">The version the caller started from; 0 for a customer that had to be new.</param>
/// <param name="actualVersion">The version that is stored; 0 if there is none.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class CustomerConflictException(
    string customerId, long expectedVersion, long actualVersion, Exception? innerException = null)
    : AgentPersistenceException(
        $"The context of customer '{customerId}' is at version {actualVersion}, not {expectedVersion}; nothing was stored. "
        + "Read it again, apply the change to what is there, and set with that version.",
        innerException)
{
    /// <summary>The customer's id.</summary>
    public string CustomerId { get; } = customerId;

    /// <summary>The version the caller started from; 0 for a customer that had to be new.</summary>
    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>The version that is stored; 0 if there is none.</summary>
    public long ActualVersion { get; } = actualVersion;
}
