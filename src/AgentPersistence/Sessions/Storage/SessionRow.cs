using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Sessions.Storage;

/// <summary>A session as it was read, with the write that made it what it is.</summary>
internal sealed record SessionRow(AgentSession Session, Guid WriteId)
{
    /// <summary>Reads <c>{Session.*}</c> and the time by the database's clock behind it.</summary>
    public static SessionRow Read(StoreReader row)
    {
        var columns = row.Table<SessionEntity>();
        var expiresAt = row.TimeOrNull(columns.Ordinal(nameof(SessionEntity.ExpiresAt)));
        var status = EnumText<SessionStatus>.Parse(row.Text(columns.Ordinal(nameof(SessionEntity.Status))));
        var now = row.Time(columns.Count);
        return new(
            new AgentSession
            {
                Id = row.Text(columns.Ordinal(nameof(SessionEntity.Id))),
                UserId = row.TextOrNull(columns.Ordinal(nameof(SessionEntity.UserId))),
                State = StoredJson.Parse(row.TextOrNull(columns.Ordinal(nameof(SessionEntity.State)))),
                CurrentIntent = row.TextOrNull(columns.Ordinal(nameof(SessionEntity.CurrentIntent))),
                Status = status == SessionStatus.Active && expiresAt <= now ? SessionStatus.Expired : status,
                Version = row.Number(columns.Ordinal(nameof(SessionEntity.Version))),
                CreatedAt = row.Time(columns.Ordinal(nameof(SessionEntity.CreatedAt))),
                LastActivity = row.Time(columns.Ordinal(nameof(SessionEntity.LastActivity))),
                ExpiresAt = expiresAt,
            },
            row.Id(columns.Ordinal(nameof(SessionEntity.WriteId))));
    }
}
