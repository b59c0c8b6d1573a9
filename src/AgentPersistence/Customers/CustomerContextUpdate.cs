using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Customers;

/// <summary>
/// What to set directly. Only what is given is set; null keeps what is stored, and on a new customer means none (0 for the counts).
/// Two are equal when their members are, JSON compared by its text.
/// </summary>
public sealed record CustomerContextUpdate
{
    private readonly JsonText _customNotes;

    /// <summary>The latest interaction, kept in UTC to the microsecond; null keeps what is stored.</summary>
    public DateTimeOffset? LastInteractionDate { get; init; }

    /// <summary>How many interactions there were, 0 to 1,000,000,000,000; null keeps what is stored.</summary>
    public long? TotalInteractions { get; init; }

    /// <summary>How many denials there were, 0 to 1,000,000,000,000; null keeps what is stored.</summary>
    public long? TotalDenials { get; init; }

    /// <summary>
    /// The notes, replaced as a whole: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null keeps what is
    /// stored; a JSON null is stored as such.
    /// </summary>
    public JsonElement? CustomNotes { get => _customNotes.Element; init => _customNotes = new(value); }

    /// <summary>The version this update was made from, 0 for a customer that must be new; any other one is a conflict.</summary>
    /// <value>The default is null: set over whatever is there.</value>
    public long? ExpectedVersion { get; init; }
}
