using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>What somebody with every right on the database can do to the audit log.</summary>
internal sealed class AuditTampering(TestDatabase database, Agent agent)
{
    private static readonly string[] Triggers = ["refuse_delete", "refuse_update", "refuse_truncate", "refuse_replace"];

    public bool IsPostgreSql => database.Kind == DatabaseKind.PostgreSql;

    public async Task DropTriggersAsync()
    {
        foreach (var trigger in Triggers)
        {
            await ExecuteAsync($"DROP TRIGGER IF EXISTS agent_audit_log_{trigger}{(IsPostgreSql ? " ON agent_audit_log" : "")}");
        }
    }

    /// <summary>Keeps the log and its head as they are now, for <see cref="RestoreAsync"/>.</summary>
    public Task SaveAsync() => ExecuteAsync("""
        CREATE TABLE saved_log AS SELECT * FROM agent_audit_log;
        CREATE TABLE saved_head AS SELECT * FROM agent_audit_head
        """);

    public async Task<bool> IsSavedAsync() => await database.ScalarAsync(
        IsPostgreSql ? "SELECT to_regclass('saved_log')::text" : "SELECT name FROM sqlite_master WHERE name = 'saved_log'") is not null;

    /// <summary>Undoes everything that was done to a log without triggers.</summary>
    public Task RestoreAsync() => ExecuteAsync("""
        DELETE FROM agent_audit_log;
        DELETE FROM agent_audit_head;
        INSERT INTO agent_audit_log SELECT * FROM saved_log;
        INSERT INTO agent_audit_head SELECT * FROM saved_head;
        CREATE UNIQUE INDEX IF NOT EXISTS ix_agent_audit_log_sequence ON agent_audit_log (sequence)
        """);

    public Task DropUniqueSequenceAsync() => ExecuteAsync("DROP INDEX ix_agent_audit_log_sequence");

    public Task<int> ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    public Task<int> SetAsync(long sequence, string assignments) =>
        ExecuteAsync($"UPDATE agent_audit_log SET {assignments} WHERE sequence = {sequence}");

    /// <summary>The assignments that take a row's personal data and name an entry.</summary>
    public static string Erased(string by) =>
        $"salt = NULL, user_id = NULL, input_data = NULL, output_data = NULL, event_details = NULL, error_message = NULL, erased_by = {by}";

    public string Bytes(byte[] bytes) => IsPostgreSql ? $"'\\x{Convert.ToHexString(bytes)}'::bytea" : $"x'{Convert.ToHexString(bytes)}'";

    /// <summary>A row's id as a literal.</summary>
    public async Task<string> IdAsync(long sequence)
    {
        var id = await database.ScalarAsync($"SELECT id FROM agent_audit_log WHERE sequence = {sequence}");
        return $"'{id}'";
    }

    public async Task<AuditEntryEntity> RowAsync(long sequence) => (await RowsAsync(sequence)).First(r => r.Sequence == sequence);

    /// <summary>Stores a copy of a row under another id and in another place.</summary>
    public Task CopyAsync(long sequence, long to) => ExecuteAsync($"""
        INSERT INTO agent_audit_log (id, sequence, {Copied})
        SELECT '{Guid.CreateVersion7()}', {to}, {Copied.Replace("action_id", $"'{Guid.CreateVersion7()}'", StringComparison.Ordinal)}
        FROM agent_audit_log WHERE sequence = {sequence}
        """);

    /// <summary>Computes every hash again from the row on, as the library would; the head too where asked.</summary>
    public async Task RehashAsync(long from, long to = long.MaxValue, bool withHead = false)
    {
        var hash = (await RowsAsync(from - 1)).FirstOrDefault(r => r.Sequence == from - 1)?.Hash ?? AuditHash.Genesis;
        foreach (var row in (await RowsAsync(from)).Where(r => r.Sequence <= to))
        {
            var staged = Copy(row);
            hash = AuditHash.OfRow(hash, row.Sequence, staged);
            await SetAsync(row.Sequence, $"personal_hash = {Bytes(staged.PersonalHash)}, hash = {Bytes(hash)}");
        }

        if (withHead)
        {
            await MoveHeadAsync();
        }
    }

    /// <summary>Lets the head name the newest row.</summary>
    public Task<int> MoveHeadAsync() => ExecuteAsync("""
        UPDATE agent_audit_head SET
            sequence = (SELECT max(sequence) FROM agent_audit_log),
            hash = (SELECT hash FROM agent_audit_log ORDER BY sequence DESC LIMIT 1)
        """);

    private const string Copied =
        "action_id, event_type, action, input_data, output_data, event_details, status, occurred_at, created_at, format, salt, "
        + "personal_hash, hash";

    private Task<List<AuditEntryEntity>> RowsAsync(long from) => agent.Get<OwnConnectionExecutor>().ReadAsync(
        (unit, ct) => unit.Context.AuditEntries.Where(e => e.Sequence >= from).OrderBy(e => e.Sequence).ToListAsync(ct),
        CancellationToken.None);

    private static AuditStagedEntity Copy(AuditEntryEntity row) => new()
    {
        Id = row.Id,
        ActionId = row.ActionId,
        PreviousId = row.PreviousId,
        RunId = row.RunId,
        SessionId = row.SessionId,
        EventType = row.EventType,
        Intent = row.Intent,
        Action = row.Action,
        Status = row.Status,
        IdempotencyKey = row.IdempotencyKey,
        OccurredAt = row.OccurredAt,
        CreatedAt = row.CreatedAt,
        PersonalHash = row.Salt is null
            ? row.PersonalHash
            : AuditHash.OfPersonal(row.Salt, row.UserId, row.InputData, row.OutputData, row.EventDetails, row.ErrorMessage),
    };
}
