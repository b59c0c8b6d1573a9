using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Customers;

/// <summary>One interaction with a customer. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record CustomerInteraction
{
    private readonly JsonText _notes;

    /// <summary>Whether it ended in a denial, which is counted too.</summary>
    /// <value>The default is false.</value>
    public bool Denied { get; init; }

    /// <summary>
    /// What to change in the notes, as an RFC 7396 merge patch: an object's members are merged, a null member is removed, anything but
    /// an object replaces the notes. Strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null changes nothing.
    /// </summary>
    public JsonElement? Notes { get => _notes.Element; init => _notes = new(value); }

    /// <summary>When it happened, kept in UTC to the microsecond. One that arrives late never moves the latest date back.</summary>
    /// <value>The default is null: the time of recording.</value>
    public DateTimeOffset? OccurredAt { get; init; }
}
