using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
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
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    thread_id = table.Column<string>(type: "TEXT", nullable: true),
                    trigger_message_id = table.Column<string>(type: "TEXT", nullable: true),
                    mode = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    payload_json = table.Column<string>(type: "TEXT", nullable: true),
                    priority = table.Column<long>(type: "INTEGER", nullable: false),
                    run_at = table.Column<long>(type: "INTEGER", nullable: false),
                    unique_key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    attempts = table.Column<long>(type: "INTEGER", nullable: false),
                    max_attempts = table.Column<long>(type: "INTEGER", nullable: false),
                    token = table.Column<string>(type: "TEXT", nullable: true),
                    epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    worker = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: true),
                    cancel_requested = table.Column<bool>(type: "INTEGER", nullable: false),
                    waiting_for = table.Column<string>(type: "TEXT", nullable: true),
                    result_json = table.Column<string>(type: "TEXT", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
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
