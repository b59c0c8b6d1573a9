using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Customers.Storage;

internal sealed class CustomerContextConfiguration : IEntityTypeConfiguration<CustomerContextEntity>
{
    public void Configure(EntityTypeBuilder<CustomerContextEntity> builder)
    {
        builder.HasKey(c => c.CustomerId);

        builder.Property(c => c.CustomerId).IsKey();
        builder.Property(c => c.CustomNotes).IsJson();

        builder.ToTable("agent_customer_context");
    }
}
