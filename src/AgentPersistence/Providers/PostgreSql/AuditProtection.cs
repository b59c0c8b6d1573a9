using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>The triggers that keep the audit log append-only. They judge by data, whoever asks.</summary>
internal static class AuditProtection
{
    /// <summary>The statements that belong to a table that was just created; none unless it is the audit log.</summary>
    public static IEnumerable<string> Of(string table, IModel model)
    {
        var template = new SqlTemplate(model);
        return template.FindTable(typeof(AuditEntryEntity)) is { } log && log.Name == table
            ? [RefuseDelete(template), RefuseUpdate(template, log), RefuseTruncate(template)]
            : [];
    }

    // The head is named with its schema, because the search path is whoever deletes's to choose: a temporary table would do.
    private static string RefuseDelete(SqlTemplate template) => template.Fill("""
        CREATE OR REPLACE FUNCTION {AuditEntry}_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $audit$
        DECLARE
            pruned bigint;
        BEGIN
            EXECUTE format('SELECT max({AuditHead.PrunedSequence}) FROM %I.{AuditHead}', TG_TABLE_SCHEMA) INTO pruned;
            IF EXISTS (SELECT 1 FROM removed WHERE removed.{AuditEntry.Sequence} > coalesce(pruned, 0)) THEN
                RAISE EXCEPTION '{AuditEntry} is append-only: only what is pruned can be deleted' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END
        $audit$;
        CREATE TRIGGER {AuditEntry}_refuse_delete AFTER DELETE ON {AuditEntry}
        REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION {AuditEntry}_refuse_delete();

        """);

    private static string RefuseUpdate(SqlTemplate template, TableMap log)
    {
        var kept = AuditErasable.KeptColumns.Select(p => log.FindColumn(p)!).ToList();
        return template.Fill($$"""
            CREATE OR REPLACE FUNCTION {AuditEntry}_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $audit$
            BEGIN
                IF OLD.{AuditEntry.Salt} IS NOT NULL AND NEW.{AuditEntry.Salt} IS NULL
                    AND OLD.{AuditEntry.ErasedBy} IS NULL AND NEW.{AuditEntry.ErasedBy} IS NOT NULL
                    AND num_nonnulls({{Columns("NEW", AuditErasable.PersonalColumns.Select(p => log.FindColumn(p)!))}}) = 0
                    AND ({{Columns("NEW", kept)}})
                        IS NOT DISTINCT FROM ({{Columns("OLD", kept)}})
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '{AuditEntry} is append-only: a row can only be erased, whole and once'
                    USING ERRCODE = 'restrict_violation';
            END
            $audit$;
            CREATE TRIGGER {AuditEntry}_refuse_update BEFORE UPDATE ON {AuditEntry}
            FOR EACH ROW EXECUTE FUNCTION {AuditEntry}_refuse_update();

            """);
    }

    private static string RefuseTruncate(SqlTemplate template) => template.Fill("""
        CREATE OR REPLACE FUNCTION {AuditEntry}_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $audit$
        BEGIN
            RAISE EXCEPTION '{AuditEntry} is append-only: it cannot be truncated' USING ERRCODE = 'restrict_violation';
        END
        $audit$;
        CREATE TRIGGER {AuditEntry}_refuse_truncate BEFORE TRUNCATE ON {AuditEntry}
        FOR EACH STATEMENT EXECUTE FUNCTION {AuditEntry}_refuse_truncate();

        """);

    private static string Columns(string row, IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"{row}.{c}"));
}
