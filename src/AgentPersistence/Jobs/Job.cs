using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Jobs;

/// <summary>
/// A job as stored. Times are UTC, to the microsecond, by the database's clock. Two are equal when their members are, JSON by its text.
/// </summary>
public sealed record Job
{
    private readonly JsonText _payload;
    private readonly JsonText _result;

    /// <summary>The job's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The kind of work.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Where it stands. A running job may have lost its worker: it stays Running until somebody claims its mode.</summary>
    public JobStatus Status { get; init; }

    /// <summary>What the handler needs to know, with its exact text; null for none.</summary>
    public JsonElement? Payload { get => _payload.Element; init => _payload = new(value); }

    /// <summary>The conversation it belongs to; null for none.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>The message that caused it; null for none.</summary>
    public Guid? TriggerMessageId { get; init; }

    /// <summary>From −100 to 100; higher is claimed first.</summary>
    public int Priority { get; init; }

    /// <summary>When it may be, or might have been, claimed; of a job that waits for an approval, when it stops waiting.</summary>
    public DateTimeOffset RunAt { get; init; }

    /// <summary>The key that no other queued or running job has; null for none.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>How many attempts have begun and not been given back; the current one included.</summary>
    public int Attempts { get; init; }

    /// <summary>How many attempts there may be.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>How often it was claimed or requeued.</summary>
    public long Epoch { get; init; }

    /// <summary>The worker that claimed it last; null if it gave no name, or nobody has.</summary>
    public string? Worker { get; init; }

    /// <summary>Until when the worker holds it; null unless it is running.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Whether somebody has asked to cancel it while it was running.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The approval that it waits for; null for none.</summary>
    public Guid? WaitingFor { get; init; }

    /// <summary>What it was completed with, with its exact text; null for nothing, or not yet.</summary>
    public JsonElement? Result { get => _result.Element; init => _result = new(value); }

    /// <summary>Why the last attempt that failed did; null if none has, or the job is done.</summary>
    public string? Error { get; init; }

    /// <summary>When it was enqueued.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last attempt began; null if none has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became Done, Failed or Canceled; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>
    /// Only from an enqueue: whether the unique key or the id was taken, so that nothing was stored and this is the job that has it. False
    /// when read.
    /// </summary>
    public bool AlreadyQueued { get; init; }
}
