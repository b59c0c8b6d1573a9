using System.Runtime.ExceptionServices;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditVerifier(StoreExecutor executor) : IAuditVerifier
{
    public Task<AuditVerification> VerifyAsync(long fromSequence = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromSequence, 1);
        return VerifyAsync(fromSequence, checkpoint: null, cancellationToken);
    }

    public async Task<AuditCheckpoint> CreateCheckpointAsync(CancellationToken cancellationToken = default)
    {
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        var head = await executor.ReadAsync(AuditHead.GetAsync, cancellationToken).ConfigureAwait(false);
        return new AuditCheckpoint(head.Sequence, Convert.ToHexStringLower(head.Hash), executor.Dialect.Now);
    }

    public Task<AuditVerification> VerifyAgainstAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return VerifyAsync(fromSequence: 1, Kept.From(checkpoint), cancellationToken);
    }

    private async Task<AuditVerification> VerifyAsync(long fromSequence, Kept? checkpoint, CancellationToken cancellationToken)
    {
        var unchained = await TryChainStagedAsync(cancellationToken).ConfigureAwait(false);
        var verification = await executor.ReadSnapshotAsync(
            (unit, ct) => VerifyAsync(unit, fromSequence, checkpoint, ct), cancellationToken).ConfigureAwait(false);
        if (verification.IsIntact)
        {
            unchained?.Throw();
        }

        return verification;
    }

    /// <summary>
    /// A log that was tampered with may not take what is staged: then verification says why. On an intact log the failure stands.
    /// </summary>
    private async Task<ExceptionDispatchInfo?> TryChainStagedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or AgentPersistenceException))
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    private static async Task<AuditVerification> VerifyAsync(
        UnitOfWork unit, long fromSequence, Kept? checkpoint, CancellationToken cancellationToken)
    {
        if (await AuditHead.FindAsync(unit, cancellationToken).ConfigureAwait(false) is not { } head)
        {
            return new AuditVerification(IsIntact: false, Verified: 0, FirstBadSequence: null, AuditFault.ForgedHead);
        }

        var check = new AuditChainCheck(unit, head, checkpoint?.Sequence);
        var result = await check.RunAsync(fromSequence, cancellationToken).ConfigureAwait(false);
        return result.IsIntact && checkpoint is not null ? Compare(result, checkpoint, head, check.HashAtCheckpoint) : result;
    }

    private static AuditVerification Compare(AuditVerification intact, Kept checkpoint, AuditHead head, byte[]? found)
    {
        var (sequence, reason) =
            checkpoint.Sequence < head.PrunedSequence ? (null, AuditFault.Pruned)
            : checkpoint.Sequence > head.Sequence ? (head.Sequence + 1, AuditFault.Cut)
            : checkpoint.Hash.AsSpan().SequenceEqual(found) ? (null, null)
            : ((long?)checkpoint.Sequence, AuditFault.Rewritten);
        return reason is null ? intact : intact with { IsIntact = false, FirstBadSequence = sequence, Reason = reason };
    }

    /// <summary>A checkpoint that has been checked.</summary>
    private sealed record Kept(long Sequence, byte[] Hash)
    {
        public static Kept From(AuditCheckpoint checkpoint)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Sequence, nameof(checkpoint));
            Span<byte> hash = stackalloc byte[AuditHash.Length];
            return checkpoint.Hash is { Length: 2 * AuditHash.Length }
                && Convert.FromHexString(checkpoint.Hash, hash, out _, out _) == System.Buffers.OperationStatus.Done
                ? new Kept(checkpoint.Sequence, [.. hash])
                : throw new ArgumentException("The hash of a checkpoint is a SHA-256 as 64 hexadecimal digits.", nameof(checkpoint));
        }
    }
}
