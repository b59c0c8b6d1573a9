using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Tokens.Storage;

internal sealed class TokenReservationConfiguration : IEntityTypeConfiguration<TokenReservationEntity>
{
    public void Configure(EntityTypeBuilder<TokenReservationEntity> builder)
    {
        // FindReservationAsync, SettleAsync and ReleaseAsync.
        builder.HasKey(r => r.Id);

        // What has expired of a budget, and the cascade of a budget.
        builder.HasIndex(r => new { r.BudgetId, r.State, r.ExpiresAt });

        builder.HasOne<TokenBudgetEntity>().WithMany().HasForeignKey(r => r.BudgetId).OnDelete(DeleteBehavior.Cascade);

        builder.Property(r => r.State).HasMaxLength(20);

        builder.ToTable("agent_token_reservations");
    }
}
