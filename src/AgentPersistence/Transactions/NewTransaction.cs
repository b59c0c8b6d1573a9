using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Transactions;

/// <summary>
/// What is about to be done, and what it takes to undo it. Two are equal when their members are, JSON compared by its text.
/// </summary>
/// <remarks>
/// JSON is strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option), and comes back as the same text. Ids and keys are not
/// blank, at most 255 characters, without control characters, well-formed UTF-16; put no personal data into them, other than
/// <see cref="UserId"/>.
/// </remarks>
public sealed record NewTransaction
{
    private readonly JsonText _input;
    private readonly JsonText _rollbackData;

    /// <summary>
    /// Begins at most once: a second begin under this key stores nothing and gets the first one's transaction. Null for no such check.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// A digest of what is asked for. A begin under a key that is stored with another one is a conflict; null, on either side, is not
    /// compared. An id or key.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>The run this is a step of, by which all its steps are undone together; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>The user it is done for; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The session it is done in; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Which step of its run it is, by a name of the host's own (<c>book-hotel</c>), for the compensation; null for none.</summary>
    public string? StepKey { get; init; }

    /// <summary>What the user wants; null for unknown. Free text of at most 255 characters.</summary>
    public string? Intent { get; init; }

    /// <summary>What is done, <c>transfer</c> for example; null for none. Free text of at most 255 characters.</summary>
    public string? Action { get; init; }

    /// <summary>What the action is given. Kept in the audit log alone; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? Input { get => _input.Element; init => _input = new(value); }

    /// <summary>
    /// What the compensation needs, as far as it is known before the effect. Kept in the journal alone; null for nothing, which differs
    /// from a JSON null.
    /// </summary>
    public JsonElement? RollbackData { get => _rollbackData.Element; init => _rollbackData = new(value); }

    /// <summary>
    /// <see cref="TransactionStatus.Pending"/>; or <see cref="TransactionStatus.Completed"/> for an effect that shares the journal's
    /// database transaction, so that neither is there without the other.
    /// </summary>
    /// <value>The default is <see cref="TransactionStatus.Pending"/>.</value>
    public TransactionStatus Status { get; init; } = TransactionStatus.Pending;
}
