using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentPersistence.Providers.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class DeploymentsKnowledgeInteractions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "agent_deployments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    git_sha = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    branch = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    report_text = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    write_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_deployments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_interactions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    timestamp = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    assistant_mode = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    session_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true, collation: "C"),
                    user_query = table.Column<string>(type: "text", nullable: false),
                    intent_name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    intent_category = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    classification_reason = table.Column<string>(type: "text", nullable: true),
                    step_1_intent_completed = table.Column<bool>(type: "boolean", nullable: false),
                    step_2_routing_decision = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    step_3_retrieval_performed = table.Column<bool>(type: "boolean", nullable: false),
                    step_4_response_generated = table.Column<bool>(type: "boolean", nullable: false),
                    step_5_confidence_score = table.Column<double>(type: "double precision", nullable: true),
                    step_6_escalation_triggered = table.Column<bool>(type: "boolean", nullable: false),
                    outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    confidence_score = table.Column<double>(type: "double precision", nullable: true),
                    escalation_reason = table.Column<string>(type: "text", nullable: true),
                    response_text = table.Column<string>(type: "text", nullable: true),
                    citations = table.Column<string>(type: "json", nullable: true),
                    retrieved_chunks_count = table.Column<int>(type: "integer", nullable: true),
                    processing_time_ms = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_interactions", x => x.id);
                    table.CheckConstraint("ck_agent_interactions_assistant_mode", "assistant_mode IN ('customer', 'banker')");
                    table.CheckConstraint("ck_agent_interactions_intent_category", "intent_category IN ('automatable', 'sensitive', 'human_only')");
                    table.CheckConstraint("ck_agent_interactions_outcome", "outcome IN ('resolved', 'escalated')");
                });

            migrationBuilder.CreateTable(
                name: "agent_knowledge_documents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_id = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    title = table.Column<string>(type: "text", nullable: false),
                    source_url = table.Column<string>(type: "text", nullable: true),
                    content_type = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    topic_collection = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    ingested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    metadata = table.Column<string>(type: "json", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_knowledge_documents", x => x.id);
                    table.CheckConstraint("ck_agent_knowledge_documents_content_type", "content_type IN ('public', 'synthetic')");
                });

            migrationBuilder.CreateTable(
                name: "agent_escalations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    interaction_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger_type = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    escalation_reason = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_escalations", x => x.id);
                    table.ForeignKey(
                        name: "fk_agent_escalations_interaction_id",
                        column: x => x.interaction_id,
                        principalTable: "agent_interactions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_agent_deployments_branch_created_at_id",
                table: "agent_deployments",
                columns: new[] { "branch", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_deployments_branch_status_created_at_id",
                table: "agent_deployments",
                columns: new[] { "branch", "status", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_deployments_created_at_id",
                table: "agent_deployments",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_deployments_git_sha_created_at_id",
                table: "agent_deployments",
                columns: new[] { "git_sha", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_deployments_status_created_at_id",
                table: "agent_deployments",
                columns: new[] { "status", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_escalations_created_at_id",
                table: "agent_escalations",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_escalations_interaction_id_trigger_type",
                table: "agent_escalations",
                columns: new[] { "interaction_id", "trigger_type" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_escalations_trigger_type_created_at_id",
                table: "agent_escalations",
                columns: new[] { "trigger_type", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_interactions_intent_name_timestamp_id",
                table: "agent_interactions",
                columns: new[] { "intent_name", "timestamp", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_interactions_metrics",
                table: "agent_interactions",
                columns: new[] { "assistant_mode", "timestamp", "id", "outcome", "intent_category", "intent_name", "confidence_score", "processing_time_ms" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_interactions_outcome_timestamp_id",
                table: "agent_interactions",
                columns: new[] { "outcome", "timestamp", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_interactions_session_id_timestamp_id",
                table: "agent_interactions",
                columns: new[] { "session_id", "timestamp", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_interactions_timestamp_id",
                table: "agent_interactions",
                columns: new[] { "timestamp", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_knowledge_documents_content_type_ingested_at_id",
                table: "agent_knowledge_documents",
                columns: new[] { "content_type", "ingested_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_knowledge_documents_file_id",
                table: "agent_knowledge_documents",
                column: "file_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_knowledge_documents_ingested_at_id",
                table: "agent_knowledge_documents",
                columns: new[] { "ingested_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_agent_knowledge_documents_topic_collection_ingested_at_id",
                table: "agent_knowledge_documents",
                columns: new[] { "topic_collection", "ingested_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_deployments");

            migrationBuilder.DropTable(
                name: "agent_escalations");

            migrationBuilder.DropTable(
                name: "agent_knowledge_documents");

            migrationBuilder.DropTable(
                name: "agent_interactions");
        }
    }
}
