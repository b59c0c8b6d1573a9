using AgentPersistence.Jobs;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host uses jobs: it asks for an answer once, and requeues what is dead.</summary>
public sealed class JobDesk(IJobQueue jobs)
{
    public async Task<string> AskAsync(Guid messageId)
    {
        var job = await jobs.EnqueueAsync(
            new NewJob { Mode = JobModes.Answer, TriggerMessageId = messageId, UniqueKey = $"answer:{messageId}", MaxAttempts = 3 });
        return job.AlreadyQueued ? $"already {job.Status}" : "queued";
    }

    public async Task<IReadOnlyList<string>> ReviveAsync()
    {
        var told = new List<string>();
        foreach (var dead in await jobs.QueryAsync(new JobQuery { Status = JobStatus.Failed }))
        {
            told.Add(await ReviveAsync(dead.Id));
        }

        return told;
    }

    private async Task<string> ReviveAsync(Guid jobId)
    {
        try
        {
            return $"{(await jobs.RequeueAsync(jobId)).Status}";
        }
        catch (JobConflictException conflict)
        {
            return conflict.UniqueKey is null ? $"is {conflict.Status}" : $"replaced by {conflict.UniqueKey}";
        }
        catch (JobNotFoundException)
        {
            return "gone";
        }
    }
}

/// <summary>A handler around another: what must not be retried is not.</summary>
public sealed class CarefulHandler(IJobHandler inner) : IJobHandler
{
    public async Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.HandleAsync(context, cancellationToken);
        }
        catch (JobFailedException failed)
        {
            return JobOutcome.Fail($"{context.IdempotencyKey}: {failed.Message}", retry: false);
        }
    }
}
