using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Customers;

/// <summary>What is known about a customer. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record CustomerContext
{
    private readonly JsonText _customNotes;

    /// <summary>The customer's id.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>The latest interaction, in UTC to the microsecond; null if there was none.</summary>
    public DateTimeOffset? LastInteractionDate { get; init; }

    /// <summary>How many interactions there were.</summary>
    public long TotalInteractions { get; init; }

    /// <summary>How many of them ended in a denial.</summary>
    public long TotalDenials { get; init; }

    /// <summary>Free-form notes, with the exact text that was set or merged; null for none, which differs from a JSON null.</summary>
    public JsonElement? CustomNotes { get => _customNotes.Element; init => _customNotes = new(value); }

    /// <summary>1 when created, one more with every write.</summary>
    public long Version { get; init; }
}
