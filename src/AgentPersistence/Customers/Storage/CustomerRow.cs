using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Customers.Storage;

/// <summary>A customer's context as it was read, with the text of its notes and the write that made it what it is.</summary>
internal sealed record CustomerRow(CustomerContext Context, string? Notes, Guid WriteId)
{
    /// <summary>Reads <c>{CustomerContext.*}</c>.</summary>
    public static CustomerRow Read(StoreReader row)
    {
        var columns = row.Table<CustomerContextEntity>();
        var notes = row.TextOrNull(columns.Ordinal(nameof(CustomerContextEntity.CustomNotes)));
        return new(
            new CustomerContext
            {
                CustomerId = row.Text(columns.Ordinal(nameof(CustomerContextEntity.CustomerId))),
                LastInteractionDate = row.TimeOrNull(columns.Ordinal(nameof(CustomerContextEntity.LastInteractionDate))),
                TotalInteractions = row.Number(columns.Ordinal(nameof(CustomerContextEntity.TotalInteractions))),
                TotalDenials = row.Number(columns.Ordinal(nameof(CustomerContextEntity.TotalDenials))),
                CustomNotes = StoredJson.Parse(notes),
                Version = row.Number(columns.Ordinal(nameof(CustomerContextEntity.Version))),
            },
            notes,
            row.Id(columns.Ordinal(nameof(CustomerContextEntity.WriteId))));
    }
}
