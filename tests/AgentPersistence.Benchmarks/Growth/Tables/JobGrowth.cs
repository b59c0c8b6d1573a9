using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Jobs;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>A queue of which all but a few jobs have ended, and one in which all are due; a thread has ten of them.</summary>
internal static class JobGrowth
{
    private const int JobsOfThread = 10;

    private static readonly JsonElement Payload = JsonElement.Parse("""{"chat":"telegram-17","text":"What is my balance?"}""");

    public static GrowingTable Ended { get; } = new("ended jobs", FillEndedAsync,
    [
        Work(callers: 1),
        Work(callers: 16),
        Enqueue(callers: 1),
        Reading("find", (jobs, rows) => jobs.FindAsync(Numbered.Id(Numbered.Any(rows)))),
        Reading("by thread, 10", (jobs, rows) => jobs.QueryAsync(AnyThread(rows))),
        Reading("by trigger message", (jobs, rows) => jobs.QueryAsync(new JobQuery { TriggerMessageId = Numbered.Id(Numbered.Any(rows)) })),
        Querying("queued, none", new JobQuery { Status = JobStatus.Queued }),
        Querying("done", new JobQuery { Status = JobStatus.Done }),
        Querying("failed", new JobQuery { Status = JobStatus.Failed }),
        Querying("by mode", new JobQuery { Mode = JobModes.Plan }),
        Querying("newest", new JobQuery()),
        Reading("cancel", async (jobs, _) => await jobs.CancelAsync((await jobs.EnqueueAsync(New(JobModes.Plan))).Id)) with { Adds = true },
    ]);

    public static GrowingTable Waiting { get; } = new("waiting jobs", FillWaitingAsync,
    [
        Work(callers: 1),
        Work(callers: 16),
        Enqueue(callers: 1),
        Querying("queued", new JobQuery { Status = JobStatus.Queued }),
        Querying("queued of a mode", new JobQuery { Status = JobStatus.Queued, Mode = JobModes.Answer }),
    ]);

    private static Task FillEndedAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, time) = (databases.Sql, databases.Sql.At("n"));
        return databases.ExecuteAsync(connectionString, $$$"""
            INSERT INTO agent_reactive_jobs (
                id, thread_id, trigger_message_id, mode, status, payload_json, priority, run_at, attempts, max_attempts, token, epoch,
                worker, cancel_requested, result_json, created_at, started_at, finished_at)
            SELECT {{{sql.Id("n")}}}, {{{sql.Id($"n % {rows / JobsOfThread}")}}}, {{{sql.Id("n")}}}, {{{Mode}}},
                CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'done' END, '{{{Payload.GetRawText()}}}', n % 3, {{{time}}}, 1, 1,
                {{{sql.Id("n")}}}, 1, 'worker-1', false, '{"answer":"It is 17.40."}', {{{time}}}, {{{time}}}, {{{time}}}
            FROM {{{sql.Series(rows)}}}
            """);
    }

    private static Task FillWaitingAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, time) = (databases.Sql, databases.Sql.At("n"));
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_reactive_jobs (
                id, thread_id, mode, status, payload_json, priority, run_at, attempts, max_attempts, epoch, cancel_requested, created_at)
            SELECT {sql.Id("n")}, {sql.Id($"n % {rows / JobsOfThread}")}, {Mode}, 'queued', '{Payload.GetRawText()}', n % 3, {time}, 0, 1,
                0, false, {time}
            FROM {sql.Series(rows)}
            """);
    }

    private static string Mode => $"CASE WHEN n % 5 = 0 THEN '{JobModes.Plan}' ELSE '{JobModes.Answer}' END";

    private static Operation Enqueue(int callers) =>
        Reading("enqueue", (jobs, _) => jobs.EnqueueAsync(New(JobModes.Answer))) with { Callers = callers, Adds = true };

    // As many are added as are taken, so that the queue stays as long as it is.
    private static Operation Work(int callers) => Reading("enqueue, claim, complete", async (jobs, _) =>
    {
        await jobs.EnqueueAsync(New(JobModes.Answer));
        foreach (var claim in await jobs.ClaimAsync([JobModes.Answer]))
        {
            await jobs.CompleteAsync(claim, Payload);
        }
    }) with
    {
        Callers = callers,
        Adds = true,
    };

    private static Operation Querying(string name, JobQuery query) => Reading(name, (jobs, _) => jobs.QueryAsync(query));

    private static Operation Reading(string name, Func<IJobQueue, long, Task> read) => Operation.On(name, read);

    private static NewJob New(string mode) => new() { Mode = mode, Payload = Payload, ThreadId = Guid.NewGuid() };

    private static JobQuery AnyThread(long rows) => new() { ThreadId = Numbered.Id(Numbered.Any(rows / JobsOfThread)) };
}
