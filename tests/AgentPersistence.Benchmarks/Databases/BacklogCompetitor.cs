using System.Diagnostics;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>
/// A backlog that is worked off on a new database in each of its turns: from the start of the workers until the database holds no job that
/// is not done. There are as many jobs as fill about the time of a turn; the first turns find out how many that are.
/// </summary>
/// <param name="name">Its name in the table.</param>
/// <param name="databases">Where its databases are made.</param>
/// <param name="begin">Makes the backlog on the database with this connection string, with so many workers.</param>
internal sealed class BacklogCompetitor(string name, IDatabases databases, Func<string, int, Task<IBacklog>> begin) : ICompetitor
{
    private const int Fewest = 100;
    private const int Most = 200_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private int _jobs = Fewest;

    public string Name => name;

    public async Task<Measurement> MeasureAsync(Slice slice)
    {
        while (true)
        {
            var jobs = _jobs;
            var (taken, bytes) = await WorkOffAsync(jobs, slice.Callers);
            _jobs = (int)Math.Clamp(jobs * (slice.Duration / taken), Fewest, Most);
            if (taken > slice.Duration / 2 || _jobs <= jobs)
            {
                return new(jobs / taken.TotalSeconds, double.NaN, BytesPerOperation: bytes / (double)jobs);
            }
        }
    }

    private async Task<(TimeSpan Taken, long Bytes)> WorkOffAsync(int jobs, int workers)
    {
        var connectionString = await databases.CreateAsync();
        try
        {
            await using var backlog = await begin(connectionString, workers);
            await backlog.FillAsync(jobs);
            await databases.SettleAsync(connectionString);
            return await WorkOffAsync(backlog, jobs);
        }
        finally
        {
            await databases.DropAsync(connectionString);
        }
    }

    /// <exception cref="InvalidOperationException">A job was run twice.</exception>
    private static async Task<(TimeSpan Taken, long Bytes)> WorkOffAsync(IBacklog backlog, int jobs)
    {
        GC.Collect();
        var (allocated, started) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await backlog.WorkAsync(jobs).WaitAsync(Patience);
        while (await backlog.CountLeftAsync() > 0)
        {
            await Task.Delay(Pause);
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"{backlog.GetType().Name}: {await backlog.CountLeftAsync()} of {jobs} jobs are not done.");
            }
        }

        var (taken, bytes) = (Stopwatch.GetElapsedTime(started), GC.GetTotalAllocatedBytes() - allocated);
        return backlog.Runs == jobs
            ? (taken, bytes)
            : throw new InvalidOperationException($"{backlog.GetType().Name}: {jobs} jobs have been run {backlog.Runs} times.");
    }
}
