using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class Tokens : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_token_budgets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    period = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false, collation: "C"),
                    limit_amount = table.Column<long>(type: "bigint", nullable: false),
                    used_amount = table.Column<long>(type: "bigint", nullable: false),
                    reserved_amount = table.Column<long>(type: "bigint", nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_token_budgets", x => x.id);
                    table.CheckConstraint("ck_agent_token_budgets_amounts", "limit_amount >= 0 AND used_amount >= 0 AND reserved_amount >= 0");
                });

            migrationBuilder.CreateTable(
                name: "agent_token_ledger",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    provider = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    model = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    run_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    call_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    thread_id = table.Column<Guid>(type: "uuid", nullable: true),
                    job_id = table.Column<Guid>(type: "uuid", nullable: true),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    tokens_input = table.Column<long>(type: "bigint", nullable: false),
                    tokens_cache_read = table.Column<long>(type: "bigint", nullable: false),
                    tokens_cache_write = table.Column<long>(type: "bigint", nullable: false),
                    tokens_output = table.Column<long>(type: "bigint", nullable: false),
                    tokens_reasoning = table.Column<long>(type: "bigint", nullable: false),
                    tokens_total = table.Column<long>(type: "bigint", nullable: false),
                    cost = table.Column<decimal>(type: "numeric(19,12)", precision: 19, scale: 12, nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_token_ledger", x => x.id);
                    table.CheckConstraint("ck_agent_token_ledger_currency", "(cost IS NULL) = (currency IS NULL)");
                    table.CheckConstraint("ck_agent_token_ledger_tokens_total", "tokens_total = tokens_input + tokens_cache_read + tokens_cache_write + tokens_output + tokens_reasoning");
                });

            migrationBuilder.CreateTable(
                name: "agent_token_reservations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    budget_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    used_amount = table.Column<long>(type: "bigint", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_token_reservations", x => x.id);
                    table.ForeignKey(
                        name: "fk_agent_token_reservations_budget_id",
                        column: x => x.budget_id,
                        principalTable: "agent_token_budgets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_budgets_scope_period_unit",
                table: "agent_token_budgets",
                columns: new[] { "scope", "period", "unit" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_job_id_occurred_at",
                table: "agent_token_ledger",
                columns: new[] { "job_id", "occurred_at" },
                filter: "job_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_occurred_at_id",
                table: "agent_token_ledger",
                columns: new[] { "occurred_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_run_id_call_id_attempt",
                table: "agent_token_ledger",
                columns: new[] { "run_id", "call_id", "attempt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_scope_occurred_at",
                table: "agent_token_ledger",
                columns: new[] { "scope", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_session_id_occurred_at",
                table: "agent_token_ledger",
                columns: new[] { "session_id", "occurred_at" },
                filter: "session_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_thread_id_occurred_at",
                table: "agent_token_ledger",
                columns: new[] { "thread_id", "occurred_at" },
                filter: "thread_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_ledger_user_id_occurred_at",
                table: "agent_token_ledger",
                columns: new[] { "user_id", "occurred_at" },
                filter: "user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_token_reservations_budget_id_state_expires_at",
                table: "agent_token_reservations",
                columns: new[] { "budget_id", "state", "expires_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_token_ledger");

            migrationBuilder.DropTable(
                name: "agent_token_reservations");

            migrationBuilder.DropTable(
                name: "agent_token_budgets");
        }
    }
}
