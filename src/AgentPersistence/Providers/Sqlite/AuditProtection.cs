using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>The triggers that keep the audit log append-only. They judge by data, whoever asks.</summary>
internal static class AuditProtection
{
    /// <summary>How the refusal of a row whose place is taken begins; SQLite has one code for all that triggers refuse.</summary>
    public const string Taken = "audit row exists";

    /// <summary>The statements that belong to a table that was just created; none unless it is the audit log.</summary>
    public static IEnumerable<string> Of(string table, IModel model)
    {
        var template = new SqlTemplate(model);
        return template.FindTable(typeof(AuditEntryEntity)) is { } log && log.Name == table
            ? [RefuseDelete(template), RefuseUpdate(template, log), RefuseReplace(template)]
            : [];
    }

    private static string RefuseDelete(SqlTemplate template) => template.Fill("""
        CREATE TRIGGER IF NOT EXISTS {AuditEntry}_refuse_delete BEFORE DELETE ON {AuditEntry}
        WHEN OLD.{AuditEntry.Sequence} > coalesce((SELECT max({AuditHead.PrunedSequence}) FROM {AuditHead}), 0)
        BEGIN
            SELECT RAISE(ABORT, '{AuditEntry} is append-only: only what is pruned can be deleted');
        END;

        """);

    // The rowid is a column that no statement names: moving it with OR REPLACE would delete the row in its place.
    private static string RefuseUpdate(SqlTemplate template, TableMap log) => template.Fill($$"""
        CREATE TRIGGER IF NOT EXISTS {AuditEntry}_refuse_update BEFORE UPDATE ON {AuditEntry}
        WHEN NOT (OLD.{AuditEntry.Salt} IS NOT NULL AND NEW.{AuditEntry.Salt} IS NULL
            AND OLD.{AuditEntry.ErasedBy} IS NULL AND NEW.{AuditEntry.ErasedBy} IS NOT NULL
            AND coalesce({{Columns("NEW", AuditErasable.PersonalColumns.Select(p => log.FindColumn(p)!))}}) IS NULL
            AND (NEW.rowid, {{Columns("NEW", AuditErasable.KeptColumns.Select(p => log.FindColumn(p)!))}})
                IS (OLD.rowid, {{Columns("OLD", AuditErasable.KeptColumns.Select(p => log.FindColumn(p)!))}}))
        BEGIN
            SELECT RAISE(ABORT, '{AuditEntry} is append-only: a row can only be erased, whole and once');
        END;

        """);

    // Differs because INSERT OR REPLACE deletes the row in its place without asking a trigger. SQLite has no TRUNCATE. FAIL and not ABORT,
    // which would have SQLite keep a copy of every page that an INSERT changes: nothing of the row is stored yet.
    private static string RefuseReplace(SqlTemplate template) => template.Fill($$"""
        CREATE TRIGGER IF NOT EXISTS {AuditEntry}_refuse_replace BEFORE INSERT ON {AuditEntry}
        WHEN EXISTS (SELECT 1 FROM {AuditEntry} WHERE {AuditEntry.Id} = NEW.{AuditEntry.Id})
            OR EXISTS (SELECT 1 FROM {AuditEntry} WHERE {AuditEntry.Sequence} = NEW.{AuditEntry.Sequence})
            OR EXISTS (SELECT 1 FROM {AuditEntry} WHERE {AuditEntry.PreviousId} = NEW.{AuditEntry.PreviousId})
            OR EXISTS (SELECT 1 FROM {AuditEntry} WHERE {AuditEntry.IdempotencyKey} = NEW.{AuditEntry.IdempotencyKey})
            OR EXISTS (SELECT 1 FROM {AuditEntry} WHERE rowid = NEW.rowid)
        BEGIN
            SELECT RAISE(FAIL, '{{Taken}}: {AuditEntry} is append-only, and the id, place, predecessor or key is taken');
        END;

        """);

    private static string Columns(string row, IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"{row}.{c}"));
}
