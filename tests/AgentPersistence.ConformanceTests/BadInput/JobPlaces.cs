using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class JobPlaces
{
    private const string Table = "agent_reactive_jobs";

    private static NewJob New => new() { Mode = $"mode-{Guid.CreateVersion7()}" };

    public static IEnumerable<Place> All =>
    [
        Place.Of("NewJob.Mode", PlaceKind.Key, Table, async (agent, value) => (await StoreAsync(agent, New with { Mode = value! })).Mode),
        Place.Of("NewJob.UniqueKey", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            // Freed for whoever comes with the same value.
            var job = await StoreAsync(agent, New with { UniqueKey = value });
            await agent.Jobs.CancelAsync(job.Id);
            return job.UniqueKey;
        }),
        Place.Of("NewJob.Payload", PlaceKind.OptionalJson, Table, async (agent, value) =>
            (await StoreAsync(agent, New with { Payload = value })).Payload),
        new Place("NewJob.RunAt", PlaceKind.TimeOrNow, Table, agent => Task.FromResult<Func<object?, Task<object?>>>(
            async value => (await StoreAsync(agent, New with { RunAt = (DateTimeOffset?)value })).RunAt)),
        Held("Jobs.CompleteAsync.result", PlaceKind.OptionalJson, async (agent, claim, value) =>
        {
            await agent.Jobs.CompleteAsync(claim, (JsonElement?)value);
            return (await agent.Jobs.FindAsync(claim.Job.Id))!.Result;
        }),
        Held("Jobs.FailAsync.error", PlaceKind.RequiredText, async (agent, claim, value) =>
        {
            await agent.Jobs.FailAsync(claim, (string)value!);
            return (await agent.Jobs.FindAsync(claim.Job.Id))!.Error;
        }),
        new Place("ClaimAsync.worker", PlaceKind.OptionalKey, Table, async agent =>
        {
            var job = await agent.Jobs.EnqueueAsync(New);
            return async value => (await agent.Jobs.ClaimAsync([job.Mode], worker: (string?)value)).Single().Job.Worker;
        }),
        Place.Lookup("ClaimAsync.modes", Table, (agent, value) => agent.Jobs.ClaimAsync([value])),
        Place.Lookup("JobQuery.Mode", Table, (agent, value) => agent.Jobs.QueryAsync(new JobQuery { Mode = value })),
    ];

    /// <summary>An argument of a settlement, of a claim of its own.</summary>
    private static Place Held(string name, PlaceKind kind, Func<Agent, JobClaim, object?, Task<object?>> settle) =>
        new(name, kind, Table, async agent =>
        {
            var job = await agent.Jobs.EnqueueAsync(New);
            var claim = Assert.Single(await agent.Jobs.ClaimAsync([job.Mode]));
            return value => settle(agent, claim, value);
        });

    private static async Task<Job> StoreAsync(Agent agent, NewJob job) =>
        (await agent.Jobs.FindAsync((await agent.Jobs.EnqueueAsync(job)).Id))!;
}
