using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Auditing;

/// <summary>
/// An audited action as stored. <see cref="Status"/>, <see cref="Output"/>, <see cref="ErrorMessage"/> and <see cref="UpdatedAt"/>
/// are those of its newest row; everything else is its first row's. Records compare JSON by its text.
/// </summary>
public sealed record AuditRecord
{
    private readonly JsonText _input;
    private readonly JsonText _output;
    private readonly JsonText _details;

    /// <summary>The action's id, as in its receipt.</summary>
    public Guid Id { get; init; }

    /// <summary>The first row's place in the chain, from 1; 0 until an entry logged inside an open transaction is chained.</summary>
    public long Sequence { get; init; }

    /// <summary>The run it belongs to; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>The user it was done for; null for none, or once erased.</summary>
    public string? UserId { get; init; }

    /// <summary>The session it was done in; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The kind of event; null for none.</summary>
    public string? EventType { get; init; }

    /// <summary>What the user wanted; null for none.</summary>
    public string? Intent { get; init; }

    /// <summary>What was done; null for none.</summary>
    public string? Action { get; init; }

    /// <summary>What the action was given, with its exact text; null for nothing, or once erased.</summary>
    public JsonElement? Input { get => _input.Element; init => _input = new(value); }

    /// <summary>What the action gave back, with its exact text; null for nothing, or once erased.</summary>
    public JsonElement? Output { get => _output.Element; init => _output = new(value); }

    /// <summary>Anything else that was kept, with its exact text; null for nothing, or once erased.</summary>
    public JsonElement? Details { get => _details.Element; init => _details = new(value); }

    /// <summary>Where the action stands now.</summary>
    /// <value>The default is <see cref="AuditStatus.Success"/>.</value>
    public AuditStatus Status { get; init; } = AuditStatus.Success;

    /// <summary>Why it failed; null for no reason, or once erased.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The key it was logged under; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>When it happened, in UTC to the microsecond. Always set on a record read from the log.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>When it was logged, by the writer's clock, in UTC to the microsecond.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest row was logged; equal to <see cref="CreatedAt"/> until the action is completed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether its personal data was erased, which tells an erased member from one that never was.</summary>
    public bool IsErased { get; init; }
}
