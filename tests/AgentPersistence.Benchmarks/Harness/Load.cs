using System.Diagnostics;

namespace AgentPersistence.Benchmarks.Harness;

/// <summary>
/// Concurrent callers at one work. Only what is acknowledged after the warm-up and before the end of the slice counts.
/// </summary>
internal sealed class Load(IWork work)
{
    private readonly LatencyHistogram _latencies = new();
    private long _begin = long.MaxValue;
    private long _end = long.MaxValue;
    private long _counted;
    private long _acknowledged;

    /// <exception cref="InvalidOperationException">The database holds less or more than was acknowledged.</exception>
    public async Task<Measurement> RunAsync(Slice slice)
    {
        GC.Collect();
        var before = await work.CountStoredAsync();
        var callers = Enumerable.Range(0, slice.Callers).Select(caller => Task.Run(() => CallAsync(caller))).ToList();
        var (bytes, elapsed) = await MeasureAsync(slice, Task.WhenAll(callers));
        var stored = await work.CountStoredAsync() - before;
        if (stored != _acknowledged)
        {
            throw new InvalidOperationException($"{work.GetType().Name}: {_acknowledged} were acknowledged, {stored} are stored.");
        }

        return new(_counted / elapsed.TotalSeconds, Latency(0.5), Latency(0.99), bytes / (double)_counted);
    }

    private async Task<(long Bytes, TimeSpan Elapsed)> MeasureAsync(Slice slice, Task callers)
    {
        // A caller that fails ends the slice at once.
        await Task.WhenAny(callers, Task.Delay(slice.WarmUp));
        var allocated = GC.GetTotalAllocatedBytes();
        Volatile.Write(ref _begin, Stopwatch.GetTimestamp());
        await Task.WhenAny(callers, Task.Delay(slice.Duration));
        Volatile.Write(ref _end, Stopwatch.GetTimestamp());
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        await callers;
        return (allocated, Stopwatch.GetElapsedTime(_begin, _end));
    }

    private double Latency(double share) => _latencies.Percentile(share) / Stopwatch.Frequency;

    private async Task CallAsync(int caller)
    {
        for (var ended = 0L; ended < Volatile.Read(ref _end);)
        {
            var started = Stopwatch.GetTimestamp();
            var operations = await work.RunAsync(caller);
            ended = Stopwatch.GetTimestamp();
            Interlocked.Add(ref _acknowledged, operations);
            if (ended >= Volatile.Read(ref _begin) && ended < Volatile.Read(ref _end))
            {
                Interlocked.Add(ref _counted, operations);
                _latencies.Add(ended - started);
            }
        }
    }
}
