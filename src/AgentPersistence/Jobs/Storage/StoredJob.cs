using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>A job as it was read, with the token of the newest claim.</summary>
internal sealed record StoredJob(Job Job, Guid? Token)
{
    /// <summary>Reads <c>{Job.*}</c>.</summary>
    public static StoredJob Read(StoreReader row)
    {
        var columns = row.Table<JobEntity>();
        return new(
            new Job
            {
                Id = row.Id(columns.Ordinal(nameof(JobEntity.Id))),
                Mode = row.Text(columns.Ordinal(nameof(JobEntity.Mode))),
                Status = EnumText<JobStatus>.Parse(row.Text(columns.Ordinal(nameof(JobEntity.Status)))),
                Payload = StoredJson.Parse(row.TextOrNull(columns.Ordinal(nameof(JobEntity.PayloadJson)))),
                ThreadId = row.IdOrNull(columns.Ordinal(nameof(JobEntity.ThreadId))),
                TriggerMessageId = row.IdOrNull(columns.Ordinal(nameof(JobEntity.TriggerMessageId))),
                Priority = (int)row.Number(columns.Ordinal(nameof(JobEntity.Priority))),
                RunAt = row.Time(columns.Ordinal(nameof(JobEntity.RunAt))),
                UniqueKey = row.TextOrNull(columns.Ordinal(nameof(JobEntity.UniqueKey))),
                Attempts = (int)row.Number(columns.Ordinal(nameof(JobEntity.Attempts))),
                MaxAttempts = (int)row.Number(columns.Ordinal(nameof(JobEntity.MaxAttempts))),
                Epoch = row.Number(columns.Ordinal(nameof(JobEntity.Epoch))),
                Worker = row.TextOrNull(columns.Ordinal(nameof(JobEntity.Worker))),
                LeaseUntil = row.TimeOrNull(columns.Ordinal(nameof(JobEntity.LeaseUntil))),
                CancelRequested = row.Flag(columns.Ordinal(nameof(JobEntity.CancelRequested))),
                WaitingFor = row.IdOrNull(columns.Ordinal(nameof(JobEntity.WaitingFor))),
                Result = StoredJson.Parse(row.TextOrNull(columns.Ordinal(nameof(JobEntity.ResultJson)))),
                Error = row.TextOrNull(columns.Ordinal(nameof(JobEntity.Error))),
                CreatedAt = row.Time(columns.Ordinal(nameof(JobEntity.CreatedAt))),
                StartedAt = row.TimeOrNull(columns.Ordinal(nameof(JobEntity.StartedAt))),
                FinishedAt = row.TimeOrNull(columns.Ordinal(nameof(JobEntity.FinishedAt))),
            },
            row.IdOrNull(columns.Ordinal(nameof(JobEntity.Token))));
    }
}
