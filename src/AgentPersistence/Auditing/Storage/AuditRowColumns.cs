using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Auditing.Storage;

internal static class AuditRowColumns
{
    /// <summary>What the log and the staging table hold alike.</summary>
    public static void HasAuditRowColumns<TRow>(this EntityTypeBuilder<TRow> builder)
        where TRow : AuditRow
    {
        builder.Property(e => e.RunId).IsKey();
        builder.Property(e => e.UserId).IsKey();
        builder.Property(e => e.SessionId).IsKey();
        builder.Property(e => e.IdempotencyKey).IsKey();
        builder.Property(e => e.InputData).IsJson();
        builder.Property(e => e.OutputData).IsJson();
        builder.Property(e => e.EventDetails).IsJson();
        builder.Property(e => e.EventType).HasMaxLength(255);
        builder.Property(e => e.Intent).HasMaxLength(255);
        builder.Property(e => e.Action).HasMaxLength(255);
        builder.Property(e => e.Status).HasMaxLength(20);
    }
}
