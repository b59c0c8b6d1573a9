using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class Conversations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_chat_threads",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    platform = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    chat_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    head_sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_chat_threads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_chat_messages",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    thread_id = table.Column<string>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: true),
                    author_user_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    platform_message_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    raw_payload = table.Column<string>(type: "TEXT", nullable: true),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_chat_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_agent_chat_messages_thread_id",
                        column: x => x.thread_id,
                        principalTable: "agent_chat_threads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "agent_message_artifacts",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    message_id = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    content_json = table.Column<string>(type: "TEXT", nullable: true),
                    uri = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    write_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_message_artifacts", x => x.id);
                    table.ForeignKey(
                        name: "fk_agent_message_artifacts_message_id",
                        column: x => x.message_id,
                        principalTable: "agent_chat_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_chat_messages_thread_id_platform_message_id",
                table: "agent_chat_messages",
                columns: new[] { "thread_id", "platform_message_id" },
                unique: true,
                filter: "platform_message_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_agent_chat_messages_thread_id_sequence",
                table: "agent_chat_messages",
                columns: new[] { "thread_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_chat_threads_platform_chat_id",
                table: "agent_chat_threads",
                columns: new[] { "platform", "chat_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_message_artifacts_message_id_id",
                table: "agent_message_artifacts",
                columns: new[] { "message_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_message_artifacts");

            migrationBuilder.DropTable(
                name: "agent_chat_messages");

            migrationBuilder.DropTable(
                name: "agent_chat_threads");
        }
    }
}
