using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class Incidents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_confidence_history",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    signal_cluster = table.Column<string>(type: "text", nullable: false),
                    signal_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    cause = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_confidence_history", x => x.id);
                    table.CheckConstraint("ck_agent_confidence_history_confidence", "confidence >= 0 AND confidence <= 1");
                });

            migrationBuilder.CreateTable(
                name: "agent_incidents",
                columns: table => new
                {
                    search_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    search_terms = table.Column<string>(type: "text", nullable: false),
                    search_length = table.Column<long>(type: "bigint", nullable: false),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    root_cause = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false),
                    signal_cluster = table.Column<string>(type: "text", nullable: false),
                    action_taken = table.Column<string>(type: "json", nullable: true),
                    embedding = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_incidents", x => x.search_key);
                    table.CheckConstraint("ck_agent_incidents_confidence", "confidence >= 0 AND confidence <= 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_confidence_history_recorded_at_id",
                table: "agent_confidence_history",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_confidence_history_signal_hash_recorded_at_id",
                table: "agent_confidence_history",
                columns: new[] { "signal_hash", "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_incidents_created_at_id",
                table: "agent_incidents",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_incidents_id",
                table: "agent_incidents",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_incidents_outcome_created_at_id",
                table: "agent_incidents",
                columns: new[] { "outcome", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_incidents_root_cause_created_at_id",
                table: "agent_incidents",
                columns: new[] { "root_cause", "created_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_confidence_history");

            migrationBuilder.DropTable(
                name: "agent_incidents");
        }
    }
}
