using AgentPersistence.Approvals;
using AgentPersistence.Internal.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>Runs one attempt in a scope of its own, and stores what became of the job.</summary>
internal sealed class JobRunner(Type handlerType, IServiceScopeFactory scopes, IJobQueue queue, TimeProvider timeProvider, ILogger logger)
{
    private const string SettledByHandler = "settled";
    private const string Lost = "lost";

    /// <summary>Runs the handler. Null where it has stopped because it was told to.</summary>
    public async Task<(JobOutcome? Outcome, Exception? Exception)> HandleAsync(HeldJob job)
    {
        var started = timeProvider.GetTimestamp();
        if (TryCreateScope() is not { } created)
        {
            return (null, null);
        }

        try
        {
            await using var scope = created;
            var handler = (IJobHandler)scope.ServiceProvider.GetRequiredService(handlerType);
            var outcome = await handler.HandleAsync(new JobContext(job.Claim), job.Token).ConfigureAwait(false);
            return (outcome ?? JobOutcome.Fail("The handler returned no outcome.", retry: false), null);
        }
        catch (Exception exception)
        {
            return exception switch
            {
                JobFailedException failed => (JobOutcome.Fail(failed.Message, retry: false), failed),
                _ when job.Stop != JobStop.None && IsCancellation(exception) => (null, null),
                _ => (JobOutcome.Fail($"{exception.GetType().FullName}: {exception.Message}"), exception),
            };
        }
        finally
        {
            JobInstruments.Ran(job.Mode, timeProvider.GetElapsedTime(started));
        }
    }

    /// <summary>Stores the outcome; null gives the attempt back. Never throws: what cannot be stored is left to the lease.</summary>
    public async Task SettleAsync(HeldJob job, JobOutcome? outcome, Exception? cause)
    {
        var ended = Lost;
        try
        {
            ended = outcome?.Kind == JobOutcomeKind.Settled ? SettledByHandler
                : outcome is null && job.Stop == JobStop.Lost ? Lost
                : await StoreAsync(job, outcome, cause).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            JobLog.LeaseLost(logger, job.Claim.Job.Id, job.Mode);
        }
        catch (Exception exception)
        {
            JobLog.NotSettled(logger, job.Claim.Job.Id, job.Mode, exception);
        }

        JobInstruments.Ended(job.Mode, ended);
    }

    /// <summary>Null where the host's services are being disposed: no attempt begins any more.</summary>
    private AsyncServiceScope? TryCreateScope()
    {
        try
        {
            return scopes.CreateAsyncScope();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task<string> StoreAsync(HeldJob job, JobOutcome? outcome, Exception? cause)
    {
        JobStatus status;
        try
        {
            status = await StoreAsync(job.Claim, outcome).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is ArgumentException or ApprovalNotFoundException)
        {
            // What the handler gave back cannot be stored, now or later.
            (outcome, cause) = (JobOutcome.Fail(refused.Message, retry: false), refused);
            status = await StoreAsync(job.Claim, outcome).ConfigureAwait(false);
        }

        if (outcome?.Kind == JobOutcomeKind.Failed)
        {
            JobLog.AttemptFailed(logger, job.Claim.Attempt, job.Claim.Job.Id, job.Mode, status, cause);
        }
        else
        {
            JobLog.Settled(logger, job.Claim.Job.Id, job.Mode, status);
        }

        return EnumText<JobStatus>.From(status);
    }

    private async Task<JobStatus> StoreAsync(JobClaim claim, JobOutcome? outcome)
    {
        switch (outcome?.Kind)
        {
            case null:
                return await queue.ReleaseAsync(claim).ConfigureAwait(false);
            case JobOutcomeKind.Done:
                await queue.CompleteAsync(claim, outcome.Result).ConfigureAwait(false);
                return JobStatus.Done;
            case JobOutcomeKind.Snoozed:
                return await queue.SnoozeAsync(claim, outcome.Delay!.Value).ConfigureAwait(false);
            case JobOutcomeKind.WaitingForApproval:
                return await queue.WaitForApprovalAsync(claim, outcome.ApprovalId!.Value, outcome.Delay!.Value).ConfigureAwait(false);
            default:
                return await queue.FailAsync(claim, outcome.Error!, outcome.Retry).ConfigureAwait(false);
        }
    }

    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException || exception.InnerException is OperationCanceledException;
}
