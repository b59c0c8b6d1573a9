using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Approvals.Storage;

/// <summary>An approval as it was read, with the write that made it what it is.</summary>
internal sealed record ApprovalRow(Approval Approval, Guid WriteId)
{
    /// <summary>Reads <c>{Approval.*}</c> and the time by the database's clock behind it.</summary>
    public static ApprovalRow Read(StoreReader row)
    {
        var columns = row.Table<ApprovalEntity>();
        var stored = EnumText<ApprovalStatus>.Parse(row.Text(columns.Ordinal(nameof(ApprovalEntity.Status))));
        var expiresAt = row.TimeOrNull(columns.Ordinal(nameof(ApprovalEntity.ExpiresAt)));
        var consumedAt = row.TimeOrNull(columns.Ordinal(nameof(ApprovalEntity.ConsumedAt)));
        var now = row.Time(columns.Count);
        var mayExpire = stored is ApprovalStatus.Pending or ApprovalStatus.Approved && consumedAt is null;
        return new(
            new Approval
            {
                Id = row.Id(columns.Ordinal(nameof(ApprovalEntity.Id))),
                ThreadId = row.IdOrNull(columns.Ordinal(nameof(ApprovalEntity.ThreadId))),
                JobId = row.IdOrNull(columns.Ordinal(nameof(ApprovalEntity.JobId))),
                ProposalText = row.Text(columns.Ordinal(nameof(ApprovalEntity.ProposalText))),
                Action = StoredJson.Parse(row.Text(columns.Ordinal(nameof(ApprovalEntity.ActionJson)))).GetValueOrDefault(),
                ActionDigest = row.Text(columns.Ordinal(nameof(ApprovalEntity.ActionDigest))),
                RequestedBy = row.TextOrNull(columns.Ordinal(nameof(ApprovalEntity.RequestedBy))),
                Status = mayExpire && expiresAt <= now ? ApprovalStatus.Expired : stored,
                DecidedBy = row.TextOrNull(columns.Ordinal(nameof(ApprovalEntity.DecidedBy))),
                DecidedAt = row.TimeOrNull(columns.Ordinal(nameof(ApprovalEntity.DecidedAt))),
                Reason = row.TextOrNull(columns.Ordinal(nameof(ApprovalEntity.Reason))),
                Supersedes = row.IdOrNull(columns.Ordinal(nameof(ApprovalEntity.Supersedes))),
                SupersededBy = row.IdOrNull(columns.Ordinal(nameof(ApprovalEntity.SupersededBy))),
                CreatedAt = row.Time(columns.Ordinal(nameof(ApprovalEntity.CreatedAt))),
                ExpiresAt = expiresAt,
                ConsumedAt = consumedAt,
            },
            row.Id(columns.Ordinal(nameof(ApprovalEntity.WriteId))));
    }
}
