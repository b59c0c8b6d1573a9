using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Approvals;

/// <summary>An approval as stored. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.</summary>
public sealed record Approval
{
    private readonly JsonText _action;

    /// <summary>The approval's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The thread in which it was asked for; null for none.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The job that asked; null for none.</summary>
    public Guid? JobId { get; init; }

    /// <summary>What is proposed, in the words that the approver reads.</summary>
    public string ProposalText { get; init; } = "";

    /// <summary>The exact action that is to be allowed, with its exact text.</summary>
    public JsonElement Action { get => _action.Element.GetValueOrDefault(); init => _action = new(value); }

    /// <summary>
    /// What the approval is bound to: SHA-256 over the action's canonical JSON, as
    /// <see cref="Idempotency.IdempotencyKey.Fingerprint{T}"/> writes it, but that every number keeps all its digits.
    /// </summary>
    public string ActionDigest { get; init; } = "";

    /// <summary>Who asked; null for nobody known.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Where it stands; <see cref="ApprovalStatus.Expired"/> from the moment of expiry, unless it was consumed before.</summary>
    public ApprovalStatus Status { get; init; }

    /// <summary>Who approved or rejected it; null while nobody has. What was approved keeps it when it is superseded or expires.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When it was approved or rejected; null while nobody has.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was approved or rejected; null for no reason given.</summary>
    public string? Reason { get; init; }

    /// <summary>The approval that this one replaces; null for none.</summary>
    public Guid? Supersedes { get; init; }

    /// <summary>The approval that replaces this one; null unless it is superseded.</summary>
    public Guid? SupersededBy { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires unless it is consumed before; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was consumed, for good; null if it was not.</summary>
    public DateTimeOffset? ConsumedAt { get; init; }
}
