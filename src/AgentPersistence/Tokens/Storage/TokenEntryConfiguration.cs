using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Tokens.Storage;

internal sealed class TokenEntryConfiguration : IEntityTypeConfiguration<TokenEntryEntity>
{
    public void Configure(EntityTypeBuilder<TokenEntryEntity> builder)
    {
        // FindAsync by id.
        builder.HasKey(e => e.Id);

        // FindAsync by call, and QueryAsync by run; logging the same call again stores nothing. Without a call id nothing is unique.
        builder.HasIndex(e => new { e.RunId, e.CallId, e.Attempt }).IsUnique();

        // QueryAsync with no filter, GetDailyUsageAsync and GetStatisticsAsync: a range of time.
        builder.HasIndex(e => new { e.OccurredAt, e.Id });

        // The same of one scope.
        builder.HasIndex(e => new { e.Scope, e.OccurredAt });

        // QueryAsync, and what one user, session, thread or job has used. Entries without one cost nothing here.
        builder.HasIndex(e => new { e.UserId, e.OccurredAt }).HasFilter("user_id IS NOT NULL");
        builder.HasIndex(e => new { e.SessionId, e.OccurredAt }).HasFilter("session_id IS NOT NULL");
        builder.HasIndex(e => new { e.ThreadId, e.OccurredAt }).HasFilter("thread_id IS NOT NULL");
        builder.HasIndex(e => new { e.JobId, e.OccurredAt }).HasFilter("job_id IS NOT NULL");

        builder.Property(e => e.Scope).IsKey();
        builder.Property(e => e.Provider).IsKey();
        builder.Property(e => e.Model).IsKey();
        builder.Property(e => e.RunId).IsKey();
        builder.Property(e => e.CallId).IsKey();
        builder.Property(e => e.UserId).IsKey();
        builder.Property(e => e.SessionId).IsKey();
        builder.Property(e => e.Cost).HasPrecision(TokenCost.Digits, TokenCost.Decimals);
        builder.Property(e => e.Currency).HasMaxLength(TokenCurrency.Length);

        builder.ToTable("agent_token_ledger", table =>
        {
            table.HasCheckConstraint(
                "ck_agent_token_ledger_tokens_total",
                "tokens_total = tokens_input + tokens_cache_read + tokens_cache_write + tokens_output + tokens_reasoning");
            table.HasCheckConstraint("ck_agent_token_ledger_currency", "(cost IS NULL) = (currency IS NULL)");
        });
    }
}
