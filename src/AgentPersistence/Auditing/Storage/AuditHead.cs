using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>The head as it was read: where the chain ends, and where it now begins.</summary>
internal sealed record AuditHead(long Sequence, byte[] Hash, long PrunedSequence, byte[] PrunedHash)
{
    /// <summary>Whether it can be a head at all.</summary>
    public bool IsPlausible => PrunedSequence >= 0 && Sequence >= PrunedSequence && Hash.Length == AuditHash.Length
        && PrunedHash.Length == AuditHash.Length && (PrunedSequence > 0 || PrunedHash.AsSpan().SequenceEqual(AuditHash.Genesis));

    /// <summary>Reads the one head, or null where there is none, several, or one that cannot be.</summary>
    public static async Task<AuditHead?> FindAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        try
        {
            var heads = await unit.Command(unit.Dialect.ReadAuditHeads)
                .ReadAllAsync(row => new AuditHead(row.Number(0), row.Bytes(1), row.Number(2), row.Bytes(3)), cancellationToken)
                .ConfigureAwait(false);
            return heads is [{ IsPlausible: true } head] ? head : null;
        }
        catch (Exception exception) when (exception is InvalidCastException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads the head, for those who need one to go on.</summary>
    public static async Task<AuditHead> GetAsync(UnitOfWork unit, CancellationToken cancellationToken) =>
        await FindAsync(unit, cancellationToken).ConfigureAwait(false)
        ?? throw new AgentPersistenceException(
            "The head of the audit log is missing or malformed. It was not written by this library: verify the log against a checkpoint.");
}
