using System.Security.Cryptography;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Auditing.Storage;

/// <summary>Makes rows of what callers pass, once it is checked: from here on nothing can be refused for its content.</summary>
internal static class AuditRows
{
    /// <summary>The first row of a new action.</summary>
    /// <exception cref="ArgumentException">A member of the entry breaks its documented rule.</exception>
    public static AuditStagedEntity Prepare(AuditEntry entry, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var maxJson = executor.Options.MaxJsonBytes;
        var now = executor.Dialect.Now;
        var id = executor.Ids.Next();
        var (salt, userId, error) = (NewSalt(), Input.OptionalKey(entry.UserId, nameof(entry.UserId)), Input.Text(entry.ErrorMessage));
        var input = Input.Json(entry.Input, nameof(entry.Input), maxJson);
        var output = Input.Json(entry.Output, nameof(entry.Output), maxJson);
        var details = Input.Json(entry.Details, nameof(entry.Details), maxJson);
        return new AuditStagedEntity
        {
            Id = id,
            ActionId = id,
            RunId = Input.OptionalKey(entry.RunId, nameof(entry.RunId)),
            UserId = userId,
            SessionId = Input.OptionalKey(entry.SessionId, nameof(entry.SessionId)),
            EventType = Input.Name(entry.EventType, nameof(entry.EventType)),
            Intent = Input.Name(entry.Intent, nameof(entry.Intent)),
            Action = Input.Name(entry.Action, nameof(entry.Action)),
            InputData = input,
            OutputData = output,
            EventDetails = details,
            Status = EnumText<AuditStatus>.From(Input.Defined(entry.Status, nameof(entry.Status))),
            ErrorMessage = error,
            IdempotencyKey = Input.OptionalKey(entry.IdempotencyKey, nameof(entry.IdempotencyKey)),
            OccurredAt = Input.Time(entry.OccurredAt) ?? now,
            CreatedAt = now,
            Format = AuditHash.Format,
            Salt = salt,
            PersonalHash = AuditHash.OfPersonal(salt, userId, input, output, details, error),
        };
    }

    /// <summary>The row that completes an action, not yet behind any. What it leaves out stays as it was.</summary>
    /// <exception cref="ArgumentException">A member of the outcome breaks its documented rule.</exception>
    public static AuditStagedEntity Complete(Guid actionId, AuditOutcome outcome, StoreExecutor executor)
    {
        var now = executor.Dialect.Now;
        var (salt, error) = (NewSalt(), Input.Text(outcome.ErrorMessage));
        var output = Input.Json(outcome.Output, nameof(outcome.Output), executor.Options.MaxJsonBytes);
        return new AuditStagedEntity
        {
            Id = executor.Ids.Next(),
            ActionId = actionId,
            OutputData = output,
            Status = EnumText<AuditStatus>.From(outcome.Status),
            ErrorMessage = error,
            OccurredAt = now,
            CreatedAt = now,
            Format = AuditHash.Format,
            Salt = salt,
            PersonalHash = AuditHash.OfPersonal(salt, null, null, output, null, error),
        };
    }

    /// <summary>A staged outcome that came second: it is kept, as an entry of its own.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="subject">Whom its action concerns; null if that is gone.</param>
    public static AuditStagedEntity Conflict(AuditStagedEntity outcome, AuditSubject? subject)
    {
        // Whose data it is must be known, or no erasure would ever find it.
        var (output, error) = subject?.IsErased != false ? (null, null) : (outcome.OutputData, outcome.ErrorMessage);
        var salt = NewSalt();
        var details = $$"""{"actionId":"{{outcome.ActionId}}"}""";
        return new AuditStagedEntity
        {
            Id = outcome.Id,
            ActionId = outcome.Id,
            RunId = subject?.RunId,
            UserId = subject?.UserId,
            SessionId = subject?.SessionId,
            EventType = "audit.conflict",
            OutputData = output,
            EventDetails = details,
            Status = outcome.Status,
            ErrorMessage = error,
            OccurredAt = outcome.OccurredAt,
            CreatedAt = outcome.CreatedAt,
            Format = AuditHash.Format,
            Salt = salt,
            PersonalHash = AuditHash.OfPersonal(salt, subject?.UserId, null, output, details, error),
        };
    }

    /// <summary>About how many bytes the row sends to the database.</summary>
    public static long Size(AuditRow row) =>
        512L + (row.InputData?.Length ?? 0) + (row.OutputData?.Length ?? 0) + (row.EventDetails?.Length ?? 0) + (row.ErrorMessage?.Length ?? 0);

    private static byte[] NewSalt() => RandomNumberGenerator.GetBytes(AuditHash.SaltLength);
}
