using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntryEntity>
{
    public void Configure(EntityTypeBuilder<AuditEntryEntity> builder)
    {
        builder.HasKey(e => e.Id);

        // Verification and paging; no number twice.
        builder.HasIndex(e => e.Sequence).IsUnique();

        // The rows of an action, and the newest of them.
        builder.HasIndex(e => new { e.ActionId, e.Sequence });

        // An action is completed once: a row has one successor.
        builder.HasIndex(e => e.PreviousId).IsUnique().HasFilter("previous_id IS NOT NULL");

        // Logging again under the same key stores nothing.
        builder.HasIndex(e => e.IdempotencyKey).IsUnique().HasFilter("idempotency_key IS NOT NULL");

        // QueryAsync by one of these, in the order of the chain.
        builder.HasIndex(e => new { e.UserId, e.Sequence }).HasFilter("user_id IS NOT NULL");
        builder.HasIndex(e => new { e.SessionId, e.Sequence }).HasFilter("session_id IS NOT NULL");
        builder.HasIndex(e => new { e.RunId, e.Sequence }).HasFilter("run_id IS NOT NULL");
        builder.HasIndex(e => new { e.Intent, e.Sequence }).HasFilter("intent IS NOT NULL");

        // QueryAsync by status: the newest row of an action has no successor.
        builder.HasIndex(e => new { e.Status, e.Sequence });

        // QueryAsync by time.
        builder.HasIndex(e => e.OccurredAt);

        builder.HasAuditRowColumns();
        builder.ToTable("agent_audit_log");
    }
}
