using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
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
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    signal_cluster = table.Column<string>(type: "TEXT", nullable: false),
                    signal_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    confidence = table.Column<double>(type: "REAL", nullable: false),
                    cause = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    incident_id = table.Column<string>(type: "TEXT", nullable: true),
                    recorded_at = table.Column<long>(type: "INTEGER", nullable: false)
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
                    search_key = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    search_terms = table.Column<string>(type: "TEXT", nullable: false),
                    search_length = table.Column<long>(type: "INTEGER", nullable: false),
                    confidence = table.Column<double>(type: "REAL", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    root_cause = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    write_id = table.Column<string>(type: "TEXT", nullable: false),
                    signal_cluster = table.Column<string>(type: "TEXT", nullable: false),
                    action_taken = table.Column<string>(type: "TEXT", nullable: true),
                    embedding = table.Column<byte[]>(type: "BLOB", nullable: true)
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
