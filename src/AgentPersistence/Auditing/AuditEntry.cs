using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Auditing;

/// <summary>
/// What an agent did, as the caller reports it. Two entries are equal when their members are, JSON compared by its text.
/// </summary>
/// <remarks>
/// JSON is strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option), and comes back as the same text. In free text
/// U+0000 and lone surrogates become U+FFFD; names (<see cref="EventType"/>, <see cref="Intent"/>, <see cref="Action"/>) are free
/// text of at most 255 characters. Put no personal data into ids and keys other than <see cref="UserId"/>: they outlive an erasure.
/// </remarks>
public sealed record AuditEntry
{
    private readonly JsonText _input;
    private readonly JsonText _output;
    private readonly JsonText _details;

    /// <summary>
    /// The run this belongs to; null for none. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>
    /// The user it was done for; null for none. Erased by an erasure. Not blank, at most 255 characters, no control characters,
    /// well-formed UTF-16.
    /// </summary>
    public string? UserId { get; init; }

    /// <summary>
    /// The session it was done in; null for none. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? SessionId { get; init; }

    /// <summary>The kind of event, such as <c>tool.called</c>; null for none. At most 255 characters.</summary>
    public string? EventType { get; init; }

    /// <summary>What the user wanted; null for none. At most 255 characters.</summary>
    public string? Intent { get; init; }

    /// <summary>What was done; null for none. At most 255 characters.</summary>
    public string? Action { get; init; }

    /// <summary>What the action was given; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? Input { get => _input.Element; init => _input = new(value); }

    /// <summary>What the action gave back; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? Output { get => _output.Element; init => _output = new(value); }

    /// <summary>Anything else worth keeping; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? Details { get => _details.Element; init => _details = new(value); }

    /// <summary>Where the action stands.</summary>
    /// <value>The default is <see cref="AuditStatus.Success"/>.</value>
    public AuditStatus Status { get; init; } = AuditStatus.Success;

    /// <summary>Why it failed, as free text; null for no reason.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>
    /// Logs at most once: a second entry with this key stores nothing and gets the first one's receipt. Null for no such check. Not
    /// blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>When it happened, kept in UTC to the microsecond.</summary>
    /// <value>The default is null: the time of logging.</value>
    public DateTimeOffset? OccurredAt { get; init; }
}
