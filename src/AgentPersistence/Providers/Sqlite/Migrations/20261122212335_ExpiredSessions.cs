using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class ExpiredSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_agent_sessions_expires_at",
                table: "agent_sessions");

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_expires_at",
                table: "agent_sessions",
                column: "expires_at",
                filter: "expires_at IS NOT NULL AND status = 'active'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_agent_sessions_expires_at",
                table: "agent_sessions");

            migrationBuilder.CreateIndex(
                name: "ix_agent_sessions_expires_at",
                table: "agent_sessions",
                column: "expires_at");
        }
    }
}
