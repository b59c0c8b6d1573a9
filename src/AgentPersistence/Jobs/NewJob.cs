using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Jobs;

/// <summary>A job to enqueue. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record NewJob
{
    private readonly JsonText _payload;

    /// <summary>
    /// The kind of work, by which workers claim: one of <see cref="JobModes"/> or a host's own. Not blank, at most 255 characters, no
    /// control
    /// characters, well-formed UTF-16.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>
    /// The job's id. Enqueueing an id that is stored already, in whatever status, stores nothing and returns that job.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public Guid? Id { get; init; }

    /// <summary>
    /// What the handler needs to know: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none, which
    /// differs
    /// from a JSON null.
    /// </summary>
    public JsonElement? Payload { get => _payload.Element; init => _payload = new(value); }

    /// <summary>The conversation it belongs to; null for none. A plain id: nothing checks that there is such a thread.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The message that caused it; null for none. A plain id.</summary>
    public Guid? TriggerMessageId { get; init; }

    /// <summary>From −100 to 100: of all jobs that are due, a higher one is claimed first, however long a lower one waits.</summary>
    /// <value>The default is 0.</value>
    public int Priority { get; init; }

    /// <summary>How long it waits before it may be claimed, from now by the database's clock: zero to 36,500 days.</summary>
    /// <value>The default is null: it does not wait, unless <see cref="RunAt"/> is given. At most one of both.</value>
    public TimeSpan? Delay { get; init; }

    /// <summary>When it may be claimed first, judged by the database's clock. A time that is past does not wait.</summary>
    /// <value>The default is null: it does not wait, unless <see cref="Delay"/> is given. At most one of both.</value>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>
    /// At most one job with this key is queued or running: enqueueing another stores nothing and returns that one. Not blank, at most 255
    /// characters, no control characters, well-formed UTF-16.
    /// </summary>
    /// <value>The default is null: every enqueue stores a job.</value>
    public string? UniqueKey { get; init; }

    /// <summary>
    /// How often the job may be tried: 1 to 1,000. An attempt counts when it fails, and when its worker's lease lapses. With 1 a job whose
    /// worker dies is never run again by itself.
    /// </summary>
    /// <value>The default is 1.</value>
    public int MaxAttempts { get; init; } = 1;
}
