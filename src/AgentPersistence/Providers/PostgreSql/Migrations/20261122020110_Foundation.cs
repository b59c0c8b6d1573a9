using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class Foundation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_audit_head",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    pruned_sequence = table.Column<long>(type: "bigint", nullable: false),
                    pruned_hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_audit_head", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_audit_log",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    action_id = table.Column<Guid>(type: "uuid", nullable: false),
                    previous_id = table.Column<Guid>(type: "uuid", nullable: true),
                    run_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    event_type = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    intent = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    action = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    input_data = table.Column<string>(type: "json", nullable: true),
                    output_data = table.Column<string>(type: "json", nullable: true),
                    event_details = table.Column<string>(type: "json", nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    format = table.Column<short>(type: "smallint", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: true),
                    personal_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    erased_by = table.Column<Guid>(type: "uuid", nullable: true),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_audit_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_audit_staged",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    action_id = table.Column<Guid>(type: "uuid", nullable: false),
                    previous_id = table.Column<Guid>(type: "uuid", nullable: true),
                    run_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    event_type = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    intent = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    action = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    input_data = table.Column<string>(type: "json", nullable: true),
                    output_data = table.Column<string>(type: "json", nullable: true),
                    event_details = table.Column<string>(type: "json", nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    format = table.Column<short>(type: "smallint", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: true),
                    personal_hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_audit_staged", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_customer_context",
                columns: table => new
                {
                    customer_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    last_interaction_date = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    total_interactions = table.Column<long>(type: "bigint", nullable: false),
                    total_denials = table.Column<long>(type: "bigint", nullable: false),
                    custom_notes = table.Column<string>(type: "json", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_customer_context", x => x.customer_id);
                });

            migrationBuilder.CreateTable(
                name: "agent_idempotency_cache",
                columns: table => new
                {
                    scope = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    idempotency_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    fingerprint = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    token = table.Column<Guid>(type: "uuid", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    is_takeover = table.Column<bool>(type: "boolean", nullable: false),
                    on_crash = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    lease = table.Column<long>(type: "bigint", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    time_to_live = table.Column<long>(type: "bigint", nullable: false),
                    result_data = table.Column<string>(type: "json", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_idempotency_cache", x => new { x.scope, x.idempotency_key });
                });

            migrationBuilder.CreateTable(
                name: "agent_run_metrics",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    journey_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    start_time = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    end_time = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    duration_ms = table.Column<long>(type: "bigint", nullable: true),
                    final_outcome = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    ticket_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_run_metrics", x => x.run_id);
                });

            migrationBuilder.CreateTable(
                name: "agent_sessions",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    state = table.Column<string>(type: "json", nullable: true),
                    current_intent = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_activity = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    time_to_live = table.Column<long>(type: "bigint", nullable: true),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_sessions", x => x.id);
                });

            migrationBuilder.InsertData(
                table: "agent_audit_head",
                columns: new[] { "id", "hash", "pruned_hash", "pruned_sequence", "sequence" },
                values: new object[] { (short)1, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0L, 0L });

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_action_id_sequence",
                table: "agent_audit_log",
                columns: new[] { "action_id", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_idempotency_key",
                table: "agent_audit_log",
                column: "idempotency_key",
                unique: true,
                filter: "idempotency_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_intent_sequence",
                table: "agent_audit_log",
                columns: new[] { "intent", "sequence" },
                filter: "intent IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_occurred_at",
                table: "agent_audit_log",
                column: "occurred_at");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_previous_id",
                table: "agent_audit_log",
                column: "previous_id",
                unique: true,
                filter: "previous_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_run_id_sequence",
                table: "agent_audit_log",
                columns: new[] { "run_id", "sequence" },
                filter: "run_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_sequence",
                table: "agent_audit_log",
                column: "sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_session_id_sequence",
                table: "agent_audit_log",
                columns: new[] { "session_id", "sequence" },
                filter: "session_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_status_sequence",
                table: "agent_audit_log",
                columns: new[] { "status", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_audit_log_user_id_sequence",
                table: "agent_audit_log",
                columns: new[] { "user_id", "sequence" },
                filter: "user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_idempotency_cache_expires_at",
                table: "agent_idempotency_cache",
                column: "expires_at",
                filter: "expires_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_idempotency_cache_user_id",
                table: "agent_idempotency_cache",
                column: "user_id",
                filter: "user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_run_metrics_final_outcome_start_time",
                table: "agent_run_metrics",
                columns: new[] { "final_outcome", "start_time" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_run_metrics_journey_name_start_time",
                table: "agent_run_metrics",
                columns: new[] { "journey_name", "start_time" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_run_metrics_start_time_run_id",
                table: "agent_run_metrics",
                columns: new[] { "start_time", "run_id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_created_at",
                table: "agent_sessions",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_expires_at",
                table: "agent_sessions",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_status_created_at",
                table: "agent_sessions",
                columns: new[] { "status", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_user_id_created_at",
                table: "agent_sessions",
                columns: new[] { "user_id", "created_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_audit_head");

            migrationBuilder.DropTable(
                name: "agent_audit_log");

            migrationBuilder.DropTable(
                name: "agent_audit_staged");

            migrationBuilder.DropTable(
                name: "agent_customer_context");

            migrationBuilder.DropTable(
                name: "agent_idempotency_cache");

            migrationBuilder.DropTable(
                name: "agent_run_metrics");

            migrationBuilder.DropTable(
                name: "agent_sessions");
        }
    }
}
