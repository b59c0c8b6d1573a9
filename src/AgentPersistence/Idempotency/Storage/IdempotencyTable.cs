using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Leases;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>The moves from state to state, each fenced by a token. What callers pass has been checked.</summary>
/// <param name="executor">How its work reaches the database.</param>
/// <param name="shared">What concurrent callers share; null inside a transaction.</param>
internal sealed class IdempotencyTable(StoreExecutor executor, SharedIdempotencyCalls? shared)
{
    private const string Kind = "idempotency key";

    // Most transactions are short: who asked at a bad moment is not turned away for that.
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>What the last begin was answered: the next one is likely to be answered alike, and where nothing is claimed a read is all it takes.</summary>
    private volatile IdempotencyDisposition _last = IdempotencyDisposition.Acquired;

    public static LeaseLostException Lost(IdempotencyClaim claim, Exception? cause = null) => new(Kind, claim.Key, claim.Token, cause);

    /// <summary>Asks for the claim; waits for a transaction that holds the key, no longer than the time given and at least 50 ms.</summary>
    public async Task<IdempotencyBegun> BeginAsync(IdempotencyCall call, TimeSpan wait, CancellationToken cancellationToken)
    {
        var about = IdempotencyCall.About(call.Scope, call.Key);
        var patience = new BoundedWait(wait > ShortestPatience ? wait : ShortestPatience, executor.TimeProvider);
        while (true)
        {
            var left = new Patience(patience.Left, about);
            if (await TryBeginAsync(call, left, cancellationToken).ConfigureAwait(false) is { } begun)
            {
                return begun;
            }

            if (patience.IsOver)
            {
                return new(call.Blocked(), HeldSince: 0);
            }

            await patience.PauseAsync(atMost: null, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task RenewAsync(IdempotencyClaim claim, CancellationToken cancellationToken) =>
        executor.WriteAsync(
            async (unit, ct) => await RenewAsync(unit, claim, ct).ConfigureAwait(false) ? true : throw Lost(claim), cancellationToken);

    /// <summary>Stores an outcome, or finds it stored by an earlier attempt whose answer was lost.</summary>
    public Task SettleAsync(IdempotencyClaim claim, IdempotencyOutcome outcome, CancellationToken cancellationToken)
    {
        var settlement = new IdempotencySettlement(claim, outcome);
        return shared is null || outcome == IdempotencyOutcome.Unknown
            ? SettleAloneAsync(settlement, cancellationToken)
            : shared.SettleAsync(settlement, ct => SettleAloneAsync(settlement, ct), cancellationToken);
    }

    public Task<IdempotencyRow?> FindAsync(string scope, string key, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => ReadAsync(unit, scope, key, ct), cancellationToken);

    public Task<bool> ResolveAsync(string scope, string key, IdempotencyOutcome outcome, CancellationToken cancellationToken)
    {
        var writeId = executor.Ids.Next();
        return executor.WriteAsync(
            async (unit, ct) =>
                await Write(unit, unit.Dialect.ResolveIdempotent, scope, key, writeId, outcome).ExecuteAsync(ct).ConfigureAwait(false) > 0
                || (unit.IsRepeat && (await ReadAsync(unit, scope, key, ct).ConfigureAwait(false))?.Token == writeId),
            cancellationToken);
    }

    /// <summary>One attempt; null where a transaction is in the way, or the row changed between the write and the read.</summary>
    private async Task<IdempotencyBegun?> TryBeginAsync(IdempotencyCall call, Patience patience, CancellationToken cancellationToken)
    {
        if (executor.Dialect.WritesExcludeEachOther || _last is not (IdempotencyDisposition.Acquired or IdempotencyDisposition.Replay))
        {
            var (isDone, row) = await executor.TryAsync(
                WorkKind.Read, patience, (unit, ct) => ReadAsync(unit, call.Scope, call.Key, ct), cancellationToken).ConfigureAwait(false);
            if (!isDone)
            {
                return null;
            }

            if (row?.AnswerTo(call) is { Disposition: not IdempotencyDisposition.Acquired } answer)
            {
                _last = answer.Disposition;
                return new(answer, HeldSince: 0);
            }
        }
        else if (_last == IdempotencyDisposition.Replay && await FindReplayAsync(call, cancellationToken).ConfigureAwait(false) is { } replay)
        {
            return new(replay, HeldSince: 0);
        }

        var begun = await ClaimAsync(call, patience, cancellationToken).ConfigureAwait(false);
        _last = begun?.Claim.Disposition ?? IdempotencyDisposition.InFlight;
        return begun;
    }

    private Task<IdempotencyClaim?> FindReplayAsync(IdempotencyCall call, CancellationToken cancellationToken) => shared is null
        ? FindReplayAloneAsync(call, cancellationToken)
        : shared.FindReplayAsync(new IdempotencyReplay(call), ct => FindReplayAloneAsync(call, ct), cancellationToken);

    private Task<IdempotencyClaim?> FindReplayAloneAsync(IdempotencyCall call, CancellationToken cancellationToken) =>
        executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindReplay)
                .Text("scope", call.Scope).Text("key", call.Key).Text("user_id", call.UserId).Text("fingerprint", call.Fingerprint)
                .ReadFirstAsync(row => call.Replay(epoch: row.Number(0), StoredJson.Parse(row.TextOrNull(1))), ct),
            cancellationToken);

    private Task<IdempotencyBegun?> ClaimAsync(IdempotencyCall call, Patience patience, CancellationToken cancellationToken)
    {
        var claim = new IdempotencyNewClaim(call);
        return shared is null
            ? ClaimAloneAsync(claim, patience, cancellationToken)
            : shared.ClaimAsync(claim, ct => ClaimAloneAsync(claim, patience, ct), cancellationToken);
    }

    private async Task<IdempotencyBegun?> ClaimAloneAsync(IdempotencyNewClaim claim, Patience patience, CancellationToken cancellationToken) =>
        (await executor.TryAsync(WorkKind.Write, patience, (unit, ct) => ClaimAsync(unit, claim, ct), cancellationToken, claim.MayBeStored)
            .ConfigureAwait(false)).Result;

    private async Task<IdempotencyBegun?> ClaimAsync(UnitOfWork unit, IdempotencyNewClaim newClaim, CancellationToken cancellationToken)
    {
        var call = newClaim.Call;
        executor.Note(IdempotencyCall.About(call.Scope, call.Key));
        var sentAt = executor.TimeProvider.GetTimestamp();
        IdempotencyRow? row = null;
        if (unit.Dialect.ClaimNewIdempotent(executor.InTransaction) is { } claimNew)
        {
            // What a shared commit has left alone is hardly new.
            if (newClaim.SentAt is null && await call.Claim(unit, claimNew).ExecuteAsync(cancellationToken).ConfigureAwait(false) > 0)
            {
                return new(call.Acquired(), sentAt);
            }

            row = await ReadAsync(unit, call.Scope, call.Key, cancellationToken).ConfigureAwait(false);
        }

        if (row?.AnswerTo(call) is null)
        {
            var begin = executor.InTransaction ? unit.Dialect.BeginIdempotentInTransaction : unit.Dialect.BeginIdempotent;
            row = await call.Claim(unit, begin).ReadFirstAsync(IdempotencyRow.Read, cancellationToken).ConfigureAwait(false);
        }

        if (row?.AnswerTo(call) is not { } claim)
        {
            return null;
        }

        // A lost answer may have used up some of the lease, or all of it.
        if (claim.Disposition == IdempotencyDisposition.Acquired && unit.IsRepeat)
        {
            sentAt = executor.TimeProvider.GetTimestamp();
            return await RenewAsync(unit, claim, cancellationToken).ConfigureAwait(false) ? new(claim, sentAt) : null;
        }

        return new(claim, sentAt);
    }

    private Task<bool> SettleAloneAsync(IdempotencySettlement settlement, CancellationToken cancellationToken)
    {
        var (claim, outcome) = (settlement.Claim, settlement.Outcome);
        return executor.WriteAsync(
            async (unit, ct) =>
            {
                executor.Note(IdempotencyCall.About(claim.Scope, claim.Key));
                var statement = outcome == IdempotencyOutcome.Unknown ? unit.Dialect.AbandonIdempotent : unit.Dialect.SettleIdempotent;
                if (await Write(unit, statement, claim.Scope, claim.Key, claim.Token, outcome).ExecuteAsync(ct).ConfigureAwait(false) > 0)
                {
                    return true;
                }

                var row = await ReadAsync(unit, claim.Scope, claim.Key, ct).ConfigureAwait(false);
                return outcome.IsStoredIn(row, claim, unit.IsRepeat) ? true : throw Refusal(claim, row, unit.IsRepeat);
            },
            cancellationToken,
            settlement.MayBeStored);
    }

    /// <summary>Why an outcome was not stored, or cannot be known to be.</summary>
    private static AgentPersistenceException Refusal(IdempotencyClaim claim, IdempotencyRow? row, bool mayBeStored)
    {
        // The next claim tells whether it took over from this one before any outcome; the one after that does not.
        var isKnown = !mayBeStored || row?.Token == claim.Token || (row?.Epoch == claim.Epoch + 1 && row.IsTakeover);
        return isKnown ? Lost(claim) : new WriteInDoubtException(Kind, claim.Key);
    }

    private static async Task<bool> RenewAsync(UnitOfWork unit, IdempotencyClaim claim, CancellationToken cancellationToken) =>
        await unit.Command(unit.Dialect.RenewIdempotent)
            .Text("scope", claim.Scope).Text("key", claim.Key).Id("token", claim.Token)
            .ExecuteAsync(cancellationToken).ConfigureAwait(false) > 0;

    private static Task<IdempotencyRow?> ReadAsync(UnitOfWork unit, string scope, string key, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindIdempotent).Text("scope", scope).Text("key", key)
            .ReadFirstAsync(IdempotencyRow.Read, cancellationToken);

    private static StoreCommand Write(
        UnitOfWork unit, SqlStatement statement, string scope, string key, Guid token, IdempotencyOutcome outcome) =>
        unit.Command(statement)
            .Text("scope", scope).Text("key", key).Id("token", token)
            .Text("state", EnumText<IdempotencyState>.From(outcome.State)).Json("result", outcome.Result).Text("error", outcome.Error);
}

/// <summary>The answer to a begin, with the time before it was sent: the claim's lease has lasted no longer than that.</summary>
internal sealed record IdempotencyBegun(IdempotencyClaim Claim, long HeldSince);
