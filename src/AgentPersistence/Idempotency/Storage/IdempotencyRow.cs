using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>A key as it was read, with the time by the database's clock.</summary>
internal sealed record IdempotencyRow
{
    public required IdempotencyRecord Record { get; init; }

    public required string? Fingerprint { get; init; }

    public required Guid Token { get; init; }

    public required bool IsTakeover { get; init; }

    public required TimeSpan Lease { get; init; }

    public required DateTimeOffset? LeaseUntil { get; init; }

    public required string? ResultText { get; init; }

    public required DateTimeOffset Now { get; init; }

    public long Epoch => Record.Epoch;

    public bool IsExpired => Record.ExpiresAt <= Now;

    /// <summary>What is left of the lease; zero or less when it has lapsed.</summary>
    public TimeSpan LeaseLeft => LeaseUntil is { } until ? until - Now : TimeSpan.Zero;

    /// <summary>Reads <c>{Idempotency.*}</c> and the time by the database's clock behind it.</summary>
    public static IdempotencyRow Read(StoreReader row)
    {
        var columns = row.Table<IdempotencyEntity>();
        var result = row.TextOrNull(columns.Ordinal(nameof(IdempotencyEntity.ResultData)));
        return new()
        {
            Record = new IdempotencyRecord
            {
                Key = row.Text(columns.Ordinal(nameof(IdempotencyEntity.IdempotencyKey))),
                Scope = row.Text(columns.Ordinal(nameof(IdempotencyEntity.Scope))),
                UserId = row.TextOrNull(columns.Ordinal(nameof(IdempotencyEntity.UserId))),
                State = EnumText<IdempotencyState>.Parse(row.Text(columns.Ordinal(nameof(IdempotencyEntity.State)))),
                Epoch = row.Number(columns.Ordinal(nameof(IdempotencyEntity.Epoch))),
                Result = StoredJson.Parse(result),
                Error = row.TextOrNull(columns.Ordinal(nameof(IdempotencyEntity.Error))),
                CreatedAt = row.Time(columns.Ordinal(nameof(IdempotencyEntity.CreatedAt))),
                ExpiresAt = row.TimeOrNull(columns.Ordinal(nameof(IdempotencyEntity.ExpiresAt))),
            },
            Fingerprint = row.TextOrNull(columns.Ordinal(nameof(IdempotencyEntity.Fingerprint))),
            Token = row.Id(columns.Ordinal(nameof(IdempotencyEntity.Token))),
            IsTakeover = row.Flag(columns.Ordinal(nameof(IdempotencyEntity.IsTakeover))),
            Lease = TimeSpan.FromMicroseconds(row.Number(columns.Ordinal(nameof(IdempotencyEntity.Lease)))),
            LeaseUntil = row.TimeOrNull(columns.Ordinal(nameof(IdempotencyEntity.LeaseUntil))),
            ResultText = result,
            Now = row.Time(columns.Count),
        };
    }

    /// <summary>What a begin answers without writing; null where it has a claim to take or a fingerprint to keep.</summary>
    public IdempotencyClaim? AnswerTo(IdempotencyCall call)
    {
        if (Record.State == IdempotencyState.InProgress && Token == call.Token)
        {
            return Claim(IdempotencyDisposition.Acquired) with { Token = Token, IsTakeover = IsTakeover, Lease = Lease };
        }

        if (IsExpired)
        {
            return null;
        }

        if (Record.UserId != call.UserId || (Fingerprint ?? call.Fingerprint) != (call.Fingerprint ?? Fingerprint))
        {
            return Claim(IdempotencyDisposition.Mismatch);
        }

        if (Fingerprint is null && call.Fingerprint is not null)
        {
            return null;
        }

        return Record.State switch
        {
            IdempotencyState.Completed => Claim(IdempotencyDisposition.Replay) with { Result = Record.Result },
            IdempotencyState.Failed => Claim(IdempotencyDisposition.ReplayFailure) with { Error = Record.Error },
            IdempotencyState.Indeterminate => Claim(IdempotencyDisposition.Indeterminate),
            IdempotencyState.InProgress when LeaseLeft > TimeSpan.Zero => Claim(IdempotencyDisposition.InFlight) with { RetryAfter = LeaseLeft },
            _ => null,
        };
    }

    private IdempotencyClaim Claim(IdempotencyDisposition disposition) =>
        new() { Key = Record.Key, Scope = Record.Scope, Disposition = disposition, Epoch = Record.Epoch };
}
