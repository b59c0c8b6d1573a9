using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class Approvals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_approvals",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    thread_id = table.Column<string>(type: "TEXT", nullable: true),
                    job_id = table.Column<string>(type: "TEXT", nullable: true),
                    proposal_text = table.Column<string>(type: "TEXT", nullable: false),
                    action_json = table.Column<string>(type: "TEXT", nullable: false),
                    action_digest = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    requested_by = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    supersedes = table.Column<string>(type: "TEXT", nullable: true),
                    superseded_by = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    consumed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    write_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_approvals", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_approvals_created_at_id",
                table: "agent_approvals",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_approvals_expires_at",
                table: "agent_approvals",
                column: "expires_at",
                filter: "expires_at IS NOT NULL AND consumed_at IS NULL AND status IN ('pending', 'approved')");

            migrationBuilder.CreateIndex(
                name: "ix_agent_approvals_job_id_created_at",
                table: "agent_approvals",
                columns: new[] { "job_id", "created_at" },
                filter: "job_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_approvals_status_created_at_id",
                table: "agent_approvals",
                columns: new[] { "status", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_approvals_thread_id_created_at",
                table: "agent_approvals",
                columns: new[] { "thread_id", "created_at" },
                filter: "thread_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_approvals");
        }
    }
}
