using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>What the suites of jobs have in common. Each test has a mode of its own, so it meets no other's jobs.</summary>
public abstract class JobTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected string Mode { get; } = NewId("mode");

    protected IJobQueue Jobs => Agent.Jobs;

    protected NewJob New => new() { Mode = Mode };

    protected Task<IReadOnlyList<JobClaim>> ClaimAsync(int limit = 100, TimeSpan? lease = null) =>
        Jobs.ClaimAsync([Mode], limit, lease, "tester", Cancellation);

    protected async Task<JobClaim> ClaimOneAsync(TimeSpan? lease = null) => Assert.Single(await ClaimAsync(lease: lease));

    /// <summary>Enqueues a job and claims it.</summary>
    protected async Task<JobClaim> BeginAsync(NewJob? job = null, TimeSpan? lease = null)
    {
        await Jobs.EnqueueAsync(job ?? New, Cancellation);
        return await ClaimOneAsync(lease);
    }

    protected async Task<Job> FindAsync(Guid id) => (await Jobs.FindAsync(id, Cancellation))!;

    protected Task<Job> FindAsync(JobClaim claim) => FindAsync(claim.Job.Id);

    /// <summary>Waits, in real time, until something holds.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (patience ?? TimeSpan.FromSeconds(30)), "It has not come to hold in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);
        }
    }

    protected Task UntilAsync(Guid id, JobStatus status) => UntilAsync(async () => (await FindAsync(id)).Status == status);

    protected static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });
}
