using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Transactions.Storage;

internal sealed class TransactionConfiguration : IEntityTypeConfiguration<TransactionEntity>
{
    public void Configure(EntityTypeBuilder<TransactionEntity> builder)
    {
        // FindAsync.
        builder.HasKey(t => t.Id);

        // FindByIdempotencyKeyAsync; beginning again under a key stores nothing.
        builder.HasIndex(t => t.IdempotencyKey).IsUnique().HasFilter("idempotency_key IS NOT NULL");

        // From an entry of the audit log to its transaction.
        builder.HasIndex(t => t.AuditLogId).IsUnique();

        // UndoRunAsync, and QueryAsync by run: the steps of one run, the last first.
        builder.HasIndex(t => new { t.RunId, t.CreatedAt }).HasFilter("run_id IS NOT NULL");

        // QueryAsync by user: one user's newest transactions.
        builder.HasIndex(t => new { t.UserId, t.CreatedAt }).HasFilter("user_id IS NOT NULL");

        // QueryAsync by session: one session's newest transactions.
        builder.HasIndex(t => new { t.SessionId, t.CreatedAt }).HasFilter("session_id IS NOT NULL");

        // QueryAsync by status: the newest pending ones, for example.
        builder.HasIndex(t => new { t.Status, t.CreatedAt });

        // QueryAsync with none of these: the newest transactions.
        builder.HasIndex(t => t.CreatedAt);

        builder.Property(t => t.IdempotencyKey).IsKey();
        builder.Property(t => t.Fingerprint).IsKey();
        builder.Property(t => t.RunId).IsKey();
        builder.Property(t => t.UserId).IsKey();
        builder.Property(t => t.SessionId).IsKey();
        builder.Property(t => t.StepKey).IsKey();
        builder.Property(t => t.Intent).HasMaxLength(255);
        builder.Property(t => t.Action).HasMaxLength(255);
        builder.Property(t => t.Status).HasMaxLength(20);
        builder.Property(t => t.RollbackData).IsJson();
        builder.Property(t => t.ResultFingerprint).IsKey();

        builder.ToTable("agent_transactions");
    }
}
