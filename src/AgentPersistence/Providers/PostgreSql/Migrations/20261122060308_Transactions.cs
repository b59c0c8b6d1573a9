using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    idempotency_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    fingerprint = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    run_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    step_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    intent = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    action = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    rollback_data = table.Column<string>(type: "json", nullable: true),
                    result_fingerprint = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    error = table.Column<string>(type: "text", nullable: true),
                    audit_log_id = table.Column<Guid>(type: "uuid", nullable: false),
                    settle_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rollback_token = table.Column<Guid>(type: "uuid", nullable: true),
                    rollback_epoch = table.Column<long>(type: "bigint", nullable: false),
                    is_takeover = table.Column<bool>(type: "boolean", nullable: false),
                    rollback_lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rollback_error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rolled_back_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
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
