using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Tokens.Storage;

internal sealed class TokenBudgetConfiguration : IEntityTypeConfiguration<TokenBudgetEntity>
{
    public void Configure(EntityTypeBuilder<TokenBudgetEntity> builder)
    {
        // SettleAsync and ReleaseAsync, by their reservation.
        builder.HasKey(b => b.Id);

        // FindBudgetAsync, QueryBudgetsAsync and TryReserveAsync; one budget of a kind.
        builder.HasIndex(b => new { b.Scope, b.Period, b.Unit }).IsUnique();

        builder.Property(b => b.Scope).IsKey();
        builder.Property(b => b.Period).IsKey().HasMaxLength(20);
        builder.Property(b => b.Unit).IsKey().HasMaxLength(20);

        // No reservation can be given back twice.
        builder.ToTable("agent_token_budgets", table => table.HasCheckConstraint(
            "ck_agent_token_budgets_amounts", "limit_amount >= 0 AND used_amount >= 0 AND reserved_amount >= 0"));
    }
}
