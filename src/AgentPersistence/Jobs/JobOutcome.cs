using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Jobs;

/// <summary>
/// What becomes of a job after an attempt. Made by the static members; two are equal when their members are, JSON by its text.
/// </summary>
public sealed record JobOutcome
{
    private readonly JsonText _result;

    private JobOutcome()
    {
    }

    /// <summary>The handler has settled the job itself, in a transaction that has committed.</summary>
    public static JobOutcome Settled { get; } = new() { Kind = JobOutcomeKind.Settled };

    /// <summary>Which of the static members made it.</summary>
    public JobOutcomeKind Kind { get; private init; }

    /// <summary>The result of a job that is done; null for none.</summary>
    public JsonElement? Result { get => _result.Element; private init => _result = new(value); }

    /// <summary>Why the attempt failed; null unless it did.</summary>
    public string? Error { get; private init; }

    /// <summary>Whether a failed attempt is retried while attempts are left.</summary>
    public bool Retry { get; private init; }

    /// <summary>How long a snoozed job waits, or one that waits for an approval at most; null otherwise.</summary>
    public TimeSpan? Delay { get; private init; }

    /// <summary>The approval that the job waits for; null for none.</summary>
    public Guid? ApprovalId { get; private init; }

    /// <summary>The job is done.</summary>
    /// <param name="result">As <see cref="IJobQueue.CompleteAsync"/> takes it.</param>
    /// <returns>The outcome.</returns>
    public static JobOutcome Done(JsonElement? result = null) => new() { Kind = JobOutcomeKind.Done, Result = result };

    /// <summary>The attempt has failed.</summary>
    /// <param name="error">Why, as free text.</param>
    /// <param name="retry">Whether to retry while attempts are left.</param>
    /// <returns>The outcome.</returns>
    public static JobOutcome Fail(string error, bool retry = true) => new() { Kind = JobOutcomeKind.Failed, Error = error, Retry = retry };

    /// <summary>The job goes on later; the attempt does not count.</summary>
    /// <param name="delay">As <see cref="IJobQueue.SnoozeAsync"/> takes it.</param>
    /// <returns>The outcome.</returns>
    public static JobOutcome Snooze(TimeSpan delay) => new() { Kind = JobOutcomeKind.Snoozed, Delay = delay };

    /// <summary>The job goes on when an approval is decided; the attempt does not count, and no worker is held meanwhile.</summary>
    /// <param name="approvalId">The approval.</param>
    /// <param name="atMost">When to go on at the latest, from now; as <see cref="IJobQueue.WaitForApprovalAsync"/> takes it.</param>
    /// <returns>The outcome.</returns>
    public static JobOutcome WaitForApproval(Guid approvalId, TimeSpan atMost) =>
        new() { Kind = JobOutcomeKind.WaitingForApproval, ApprovalId = approvalId, Delay = atMost };
}

/// <summary>The kinds of <see cref="JobOutcome"/>.</summary>
public enum JobOutcomeKind
{
    /// <summary>The job is done.</summary>
    Done,

    /// <summary>The attempt has failed.</summary>
    Failed,

    /// <summary>The job goes on later.</summary>
    Snoozed,

    /// <summary>The job goes on when an approval is decided.</summary>
    WaitingForApproval,

    /// <summary>The handler has settled the job itself.</summary>
    Settled,
}
