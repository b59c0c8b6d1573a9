using AgentPersistence.Internal;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>How an operation ended, as it is stored.</summary>
internal sealed record IdempotencyOutcome(IdempotencyState State, string? Result = null, string? Error = null)
{
    public static readonly IdempotencyOutcome Released = new(IdempotencyState.Released);
    public static readonly IdempotencyOutcome Unknown = new(IdempotencyState.Indeterminate);

    public static IdempotencyOutcome Check(IdempotencyResolution resolution, int maxJsonBytes)
    {
        ArgumentNullException.ThrowIfNull(resolution);
        if (Input.Defined(resolution.State, nameof(resolution.State)) is IdempotencyState.InProgress or IdempotencyState.Indeterminate)
        {
            throw new ArgumentException("An operation is settled as Completed, Failed or Released.", nameof(resolution.State));
        }

        if (resolution.Result is not null && resolution.State != IdempotencyState.Completed)
        {
            throw new ArgumentException("Only a completed operation has a result.", nameof(resolution.Result));
        }

        if (resolution.Error is null == (resolution.State == IdempotencyState.Failed))
        {
            throw new ArgumentException("A failed operation needs an error, and no other has one.", nameof(resolution.Error));
        }

        return new(
            resolution.State,
            Input.Json(resolution.Result, nameof(resolution.Result), maxJsonBytes),
            Input.Text(resolution.Error));
    }

    /// <summary>Whether the row shows that an earlier attempt has stored this outcome of the claim.</summary>
    public bool IsStoredIn(IdempotencyRow? row, IdempotencyClaim claim, bool isRepeat)
    {
        if (row?.Token == claim.Token)
        {
            return row.Record.State == State && row.ResultText == Result && row.Record.Error == Error;
        }

        // What was released is soon claimed again: by a claim that follows this one and found no lease to take over.
        return isRepeat && State == IdempotencyState.Released && row?.Epoch == claim.Epoch + 1 && !row.IsTakeover;
    }
}
