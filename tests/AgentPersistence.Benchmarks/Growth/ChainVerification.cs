using System.Diagnostics;
using AgentPersistence.Auditing;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>How fast the whole chain is verified, again and again, and that this takes no more memory for more rows.</summary>
internal static class ChainVerification
{
    private const double Least = 200_000;
    private const int Times = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(Bench bench, IDatabases databases, string database, IEnumerable<GrownTable> logs)
    {
        await bench.Output.WriteLineAsync(
            $"\n| {database}: rows verified | rows/s | most memory above the start | target |\n|---|---|---|---|");
        foreach (var log in logs)
        {
            await using var agent = new Agent(databases, log.ConnectionString);
            var verifier = agent.Get<IAuditVerifier>();
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUp;)
            {
                await verifier.VerifyAsync(fromSequence: Math.Max(log.Rows - 1_000, 1));
            }

            var measured = new List<(double Rate, long Memory)>();
            while (measured.Count < Times)
            {
                measured.Add(await MeasureAsync(verifier));
            }

            var (rate, memory) = (Report.Median(measured.Select(m => m.Rate)), measured.Max(m => m.Memory));
            await bench.Output.WriteLineAsync(
                $"| {log.Rows:N0} | {rate:N0} | {memory / (1024.0 * 1024):0.0} MiB "
                + $"| ≥ {Least:N0} {(rate >= Least ? "met" : "**missed**")} |");
        }
    }

    private static async Task<(double RowsPerSecond, long Bytes)> MeasureAsync(IAuditVerifier verifier)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, started) = (0L, Stopwatch.GetTimestamp());
        var verifying = Task.Run(() => verifier.VerifyAsync());
        while (await Task.WhenAny(verifying, Task.Delay(Pause)) != verifying)
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
        }

        var verified = await verifying;
        var taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return verified.IsIntact
            ? (verified.Verified / taken, most)
            : throw new InvalidOperationException($"The chain is broken: {verified.Reason}.");
    }
}
