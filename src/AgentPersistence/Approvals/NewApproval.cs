using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Approvals;

/// <summary>An approval to ask for. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record NewApproval
{
    private readonly JsonText _action;

    /// <summary>
    /// The approval's id. With an id of its own a caller may repeat the call: the second one stores nothing. Not <see cref="Guid.Empty"/>.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public Guid? Id { get; init; }

    /// <summary>The thread in which it is asked for; null for none, or in a replacement for that of what it replaces.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The job that asks; null for none, or in a replacement for that of what it replaces.</summary>
    public Guid? JobId { get; init; }

    /// <summary>What is proposed, in the words that the approver reads. Not null.</summary>
    public required string ProposalText { get; init; }

    /// <summary>
    /// The exact action that is to be allowed, for example the tool's name and its arguments: strict RFC 8259, at most 512 levels deep and
    /// 16 MB of UTF-8 (an option), without duplicate names, lone surrogates or numbers beyond the range of a double, whether too large or
    /// too small for it.
    /// </summary>
    public required JsonElement Action { get => _action.Element.GetValueOrDefault(); init => _action = new(value); }

    /// <summary>Who asks; null for nobody known. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>
    /// When it expires unless it is consumed before; a time that has passed makes it expired from the start. Not together with
    /// <see cref="TimeToLive"/>.
    /// </summary>
    /// <value>The default is null: never, unless <see cref="TimeToLive"/> says so.</value>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long after its creation it expires unless it is consumed before: 1 millisecond to 36,500 days.</summary>
    /// <value>The default is null: never, unless <see cref="ExpiresAt"/> says so.</value>
    public TimeSpan? TimeToLive { get; init; }
}
