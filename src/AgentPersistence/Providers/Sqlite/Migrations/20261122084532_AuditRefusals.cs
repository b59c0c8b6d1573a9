using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class AuditRefusals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(RefuseReplace("FAIL"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(RefuseReplace("ABORT"));
        }

        private static string RefuseReplace(string how) => $"""
            DROP TRIGGER IF EXISTS agent_audit_log_refuse_replace;

            CREATE TRIGGER IF NOT EXISTS agent_audit_log_refuse_replace BEFORE INSERT ON agent_audit_log
            WHEN EXISTS (SELECT 1 FROM agent_audit_log WHERE id = NEW.id)
                OR EXISTS (SELECT 1 FROM agent_audit_log WHERE sequence = NEW.sequence)
                OR EXISTS (SELECT 1 FROM agent_audit_log WHERE previous_id = NEW.previous_id)
                OR EXISTS (SELECT 1 FROM agent_audit_log WHERE idempotency_key = NEW.idempotency_key)
                OR EXISTS (SELECT 1 FROM agent_audit_log WHERE rowid = NEW.rowid)
            BEGIN
                SELECT RAISE({how}, 'audit row exists: agent_audit_log is append-only, and the id, place, predecessor or key is taken');
            END;

            """;
    }
}
