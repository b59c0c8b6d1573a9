using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: true),
                    job_id = table.Column<Guid>(type: "uuid", nullable: true),
                    proposal_text = table.Column<string>(type: "text", nullable: false),
                    action_json = table.Column<string>(type: "json", nullable: false),
                    action_digest = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    requested_by = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    decided_by = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    supersedes = table.Column<Guid>(type: "uuid", nullable: true),
                    superseded_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    consumed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false)
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
