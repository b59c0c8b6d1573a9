using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class AuditRefusals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // SQLite only.
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // SQLite only.
        }
    }
}
