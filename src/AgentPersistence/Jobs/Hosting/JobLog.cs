using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>What workers say. Never a payload or a result: those are in the table. What a handler throws is passed on as it is.</summary>
internal static partial class JobLog
{
    [LoggerMessage(1, LogLevel.Information, "Worker {Worker} runs jobs of {Modes}, {Concurrency} at once.")]
    public static partial void Started(ILogger logger, string worker, string modes, int concurrency);

    [LoggerMessage(2, LogLevel.Information, "Worker {Worker} has stopped; {Count} jobs are left to their leases.")]
    public static partial void Stopped(ILogger logger, string worker, int count);

    [LoggerMessage(3, LogLevel.Warning, "Worker {Worker} could not claim jobs; it tries again in {Delay}.")]
    public static partial void ClaimFailed(ILogger logger, string worker, TimeSpan delay, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Job {JobId} ({Mode}) is {Status}: the lease of its last attempt has lapsed.")]
    public static partial void Lapsed(ILogger logger, Guid jobId, string mode, JobStatus status);

    [LoggerMessage(5, LogLevel.Warning, "Attempt {Attempt} at job {JobId} ({Mode}) has failed; the job is {Status}.")]
    public static partial void AttemptFailed(ILogger logger, int attempt, Guid jobId, string mode, JobStatus status, Exception? exception);

    [LoggerMessage(6, LogLevel.Warning, "The lease on job {JobId} ({Mode}) is lost; its handler is told to stop.")]
    public static partial void LeaseLost(ILogger logger, Guid jobId, string mode);

    [LoggerMessage(7, LogLevel.Error, "What became of job {JobId} ({Mode}) could not be stored; it is left to its lease.")]
    public static partial void NotSettled(ILogger logger, Guid jobId, string mode, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "Leases could not be renewed; it is tried again.")]
    public static partial void NotRenewed(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "Job {JobId} ({Mode}) is {Status}.")]
    public static partial void Settled(ILogger logger, Guid jobId, string mode, JobStatus status);

    [LoggerMessage(10, LogLevel.Debug, "Workers of other processes could not be told of new jobs; they find them at their next poll.")]
    public static partial void NoticeNotSent(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Debug, "What other processes tell of new jobs is not heard; workers find them at their next poll.")]
    public static partial void NotListening(ILogger logger, Exception exception);
}
