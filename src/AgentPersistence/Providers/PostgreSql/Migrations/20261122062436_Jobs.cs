using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class Jobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_reactive_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: true),
                    trigger_message_id = table.Column<Guid>(type: "uuid", nullable: true),
                    mode = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    payload_json = table.Column<string>(type: "json", nullable: true),
                    priority = table.Column<long>(type: "bigint", nullable: false),
                    run_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    unique_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    attempts = table.Column<long>(type: "bigint", nullable: false),
                    max_attempts = table.Column<long>(type: "bigint", nullable: false),
                    token = table.Column<Guid>(type: "uuid", nullable: true),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    worker = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    waiting_for = table.Column<Guid>(type: "uuid", nullable: true),
                    result_json = table.Column<string>(type: "json", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_reactive_jobs", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_mode_lease_until",
                table: "agent_reactive_jobs",
                columns: new[] { "mode", "lease_until" },
                filter: "status = 'running'");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_mode_priority_run_at_id",
                table: "agent_reactive_jobs",
                columns: new[] { "mode", "priority", "run_at", "id" },
                filter: "status = 'queued'");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_status_id",
                table: "agent_reactive_jobs",
                columns: new[] { "status", "id" },
                filter: "status IN ('failed', 'canceled')");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_thread_id_id",
                table: "agent_reactive_jobs",
                columns: new[] { "thread_id", "id" },
                filter: "thread_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_trigger_message_id_id",
                table: "agent_reactive_jobs",
                columns: new[] { "trigger_message_id", "id" },
                filter: "trigger_message_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_unique_key",
                table: "agent_reactive_jobs",
                column: "unique_key",
                unique: true,
                filter: "unique_key IS NOT NULL AND status IN ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "ix_agent_reactive_jobs_waiting_for",
                table: "agent_reactive_jobs",
                column: "waiting_for",
                filter: "waiting_for IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_reactive_jobs");
        }
    }
}
