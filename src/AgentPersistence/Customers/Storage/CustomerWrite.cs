namespace AgentPersistence.Customers.Storage;

/// <summary>One write of a customer, through all its attempts: tells whether it was stored, also where an answer was lost.</summary>
internal sealed class CustomerWrite(string customerId, Guid id)
{
    private bool _mayBeStored;

    public string CustomerId => customerId;

    public Guid Id => id;

    /// <summary>The version that the last attempt was made under, 0 for none; null for a write that goes over any version.</summary>
    public long? Under { get; set; }

    /// <summary>Takes back an attempt that the database has answered with no row.</summary>
    public void NotStored()
    {
        if (!_mayBeStored)
        {
            Under = null;
        }
    }

    /// <summary>Whether the row is this write's. If not, nothing of it is stored, unless it throws.</summary>
    /// <param name="found">The row as it is now, or null if there is none.</param>
    /// <param name="answerWasLost">Whether an attempt has been sent whose answer never came.</param>
    /// <exception cref="WriteInDoubtException">Nobody can know.</exception>
    public bool IsStored(CustomerRow? found, bool answerWasLost = false)
    {
        // Kept, because an attempt whose answer was lost may still be waiting for a lock in the server.
        _mayBeStored |= answerWasLost;
        if (found?.WriteId == id)
        {
            return true;
        }

        if (!_mayBeStored || Under is not { } under)
        {
            return false;
        }

        // The next version is another's: ours was not stored, and under the version it asks for it never will be.
        var version = found?.Context.Version ?? 0;
        _mayBeStored = version != under + 1;
        return version == under || version == under + 1 ? false : throw new WriteInDoubtException("customer context", customerId);
    }
}
