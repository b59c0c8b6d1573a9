namespace AgentPersistence.Benchmarks.Harness;

/// <summary>Jobs that do not wait in a backlog: callers enqueue one a call while the workers are at work.</summary>
internal sealed class ArrivingJobs(IBacklog workers, int callers, Func<Task> enqueue) : IBacklog
{
    private int _enqueued;

    public int Runs => workers.Runs;

    public Task FillAsync(int jobs) => Task.CompletedTask;

    public Task WorkAsync(int jobs) =>
        Task.WhenAll([workers.WorkAsync(jobs), .. Enumerable.Range(0, callers).Select(_ => Task.Run(() => EnqueueAsync(jobs)))]);

    public Task<long> CountLeftAsync() => workers.CountLeftAsync();

    public ValueTask DisposeAsync() => workers.DisposeAsync();

    private async Task EnqueueAsync(int jobs)
    {
        while (Interlocked.Increment(ref _enqueued) <= jobs)
        {
            await enqueue();
        }
    }
}
