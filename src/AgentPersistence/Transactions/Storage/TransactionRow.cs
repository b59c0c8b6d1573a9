using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <summary>A transaction as it was read, with the time by the database's clock.</summary>
internal sealed record TransactionRow
{
    public required JournaledTransaction Record { get; init; }

    public required Guid? SettleId { get; init; }

    public required Guid? Token { get; init; }

    public required bool IsTakeover { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool IsRolledBack => Record.Status == TransactionStatus.RolledBack;

    /// <summary>Whether a compensation has been claimed and has neither ended nor been given up; its lease may have lapsed.</summary>
    public bool IsBeingRolledBack => Record.RollbackLeaseUntil is not null;

    /// <summary>What is left of the compensation's lease; zero or less when it has lapsed.</summary>
    public TimeSpan LeaseLeft => Record.RollbackLeaseUntil is { } until ? until - Now : TimeSpan.Zero;

    /// <summary>Whether it was rolled back by the compensation, or the mark, with this token.</summary>
    public bool IsMarkedBy(Guid token) => IsRolledBack && Token == token;

    /// <summary>Reads <c>{Transaction.*}</c> and the time by the database's clock behind it.</summary>
    public static TransactionRow Read(StoreReader row)
    {
        var columns = row.Table<TransactionEntity>();
        string? Text(string property) => row.TextOrNull(columns.Ordinal(property));
        DateTimeOffset? Time(string property) => row.TimeOrNull(columns.Ordinal(property));
        return new()
        {
            Record = new JournaledTransaction
            {
                Id = row.Id(columns.Ordinal(nameof(TransactionEntity.Id))),
                IdempotencyKey = Text(nameof(TransactionEntity.IdempotencyKey)),
                Fingerprint = Text(nameof(TransactionEntity.Fingerprint)),
                RunId = Text(nameof(TransactionEntity.RunId)),
                UserId = Text(nameof(TransactionEntity.UserId)),
                SessionId = Text(nameof(TransactionEntity.SessionId)),
                StepKey = Text(nameof(TransactionEntity.StepKey)),
                Intent = Text(nameof(TransactionEntity.Intent)),
                Action = Text(nameof(TransactionEntity.Action)),
                Status = EnumText<TransactionStatus>.Parse(row.Text(columns.Ordinal(nameof(TransactionEntity.Status)))),
                RollbackData = StoredJson.Parse(Text(nameof(TransactionEntity.RollbackData))),
                ResultFingerprint = Text(nameof(TransactionEntity.ResultFingerprint)),
                Error = Text(nameof(TransactionEntity.Error)),
                AuditLogId = row.Id(columns.Ordinal(nameof(TransactionEntity.AuditLogId))),
                RollbackAttempts = row.Number(columns.Ordinal(nameof(TransactionEntity.RollbackEpoch))),
                RollbackLeaseUntil = Time(nameof(TransactionEntity.RollbackLeaseUntil)),
                RollbackError = Text(nameof(TransactionEntity.RollbackError)),
                CreatedAt = row.Time(columns.Ordinal(nameof(TransactionEntity.CreatedAt))),
                SettledAt = Time(nameof(TransactionEntity.SettledAt)),
                RolledBackAt = Time(nameof(TransactionEntity.RolledBackAt)),
            },
            SettleId = row.IdOrNull(columns.Ordinal(nameof(TransactionEntity.SettleId))),
            Token = row.IdOrNull(columns.Ordinal(nameof(TransactionEntity.RollbackToken))),
            IsTakeover = row.Flag(columns.Ordinal(nameof(TransactionEntity.IsTakeover))),
            Now = row.Time(columns.Count),
        };
    }
}
