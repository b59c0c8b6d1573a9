using AgentPersistence.Auditing;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>
/// The log's columns as hand-written code fills them: the library's, with hashes of the right length that prove nothing. All of a row's
/// values are ready before it is sent.
/// </summary>
internal static class AuditTable
{
    public const string Name = "agent_audit_log";

    private static readonly byte[] Hash = new byte[32];
    private static readonly byte[] Salt = new byte[16];
    private static long s_sequence;

    public static readonly (string Column, NpgsqlDbType Type)[] Columns =
    [
        ("id", NpgsqlDbType.Uuid), ("action_id", NpgsqlDbType.Uuid), ("previous_id", NpgsqlDbType.Uuid), ("run_id", NpgsqlDbType.Text),
        ("user_id", NpgsqlDbType.Text), ("session_id", NpgsqlDbType.Text), ("event_type", NpgsqlDbType.Text), ("intent", NpgsqlDbType.Text),
        ("action", NpgsqlDbType.Text), ("input_data", NpgsqlDbType.Json), ("output_data", NpgsqlDbType.Json),
        ("event_details", NpgsqlDbType.Json), ("status", NpgsqlDbType.Text), ("error_message", NpgsqlDbType.Text),
        ("idempotency_key", NpgsqlDbType.Text), ("occurred_at", NpgsqlDbType.TimestampTz), ("created_at", NpgsqlDbType.TimestampTz),
        ("format", NpgsqlDbType.Smallint), ("salt", NpgsqlDbType.Bytea), ("personal_hash", NpgsqlDbType.Bytea),
        ("sequence", NpgsqlDbType.Bigint), ("hash", NpgsqlDbType.Bytea),
    ];

    public static string ColumnNames { get; } = string.Join(", ", Columns.Select(c => c.Column));

    public const string Count = $"SELECT count(*) FROM {Name}";

    /// <summary>An INSERT of one row, with placeholders of a prefix and a number.</summary>
    public static string Insert(string prefix, int first) =>
        $"INSERT INTO {Name} ({ColumnNames}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"{prefix}{i + first}"))})";

    /// <summary>The values of a new row, in the order of the columns.</summary>
    public static void Fill(object?[] row)
    {
        var entry = AuditEntries.Next();
        var (id, now) = (Guid.CreateVersion7(), DateTime.UtcNow);
        (row[0], row[1], row[2], row[3]) = (id, id, null, entry.RunId);
        (row[4], row[5], row[6], row[7]) = (entry.UserId, entry.SessionId, entry.EventType, entry.Intent);
        (row[8], row[9], row[10]) = (entry.Action, entry.Input?.GetRawText(), entry.Output?.GetRawText());
        var status = entry.Status == AuditStatus.Success ? "success" : "failure";
        (row[11], row[12], row[13]) = (entry.Details?.GetRawText(), status, entry.ErrorMessage);
        (row[14], row[15], row[16]) = (entry.IdempotencyKey, now, now);
        (row[17], row[18], row[19]) = ((short)1, Salt, Hash);
        (row[20], row[21]) = (Interlocked.Increment(ref s_sequence), Hash);
    }
}
