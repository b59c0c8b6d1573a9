using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class Transactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_transactions",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    idempotency_key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    fingerprint = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    run_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    user_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    session_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    step_key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    intent = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    action = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    rollback_data = table.Column<string>(type: "TEXT", nullable: true),
                    result_fingerprint = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    audit_log_id = table.Column<string>(type: "TEXT", nullable: false),
                    settle_id = table.Column<string>(type: "TEXT", nullable: true),
                    rollback_token = table.Column<string>(type: "TEXT", nullable: true),
                    rollback_epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    is_takeover = table.Column<bool>(type: "INTEGER", nullable: false),
                    rollback_lease_until = table.Column<long>(type: "INTEGER", nullable: true),
                    rollback_error = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    settled_at = table.Column<long>(type: "INTEGER", nullable: true),
                    rolled_back_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_transactions", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_audit_log_id",
                table: "agent_transactions",
                column: "audit_log_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_created_at",
                table: "agent_transactions",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_idempotency_key",
                table: "agent_transactions",
                column: "idempotency_key",
                unique: true,
                filter: "idempotency_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_run_id_created_at",
                table: "agent_transactions",
                columns: new[] { "run_id", "created_at" },
                filter: "run_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_session_id_created_at",
                table: "agent_transactions",
                columns: new[] { "session_id", "created_at" },
                filter: "session_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_status_created_at",
                table: "agent_transactions",
                columns: new[] { "status", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_transactions_user_id_created_at",
                table: "agent_transactions",
                columns: new[] { "user_id", "created_at" },
                filter: "user_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_transactions");
        }
    }
}
