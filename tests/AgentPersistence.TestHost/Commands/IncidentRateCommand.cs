using System.Diagnostics;
using System.Globalization;
using AgentPersistence.Incidents;
using AgentPersistence.Internal.Execution;
using AgentPersistence.TestHost.Incidents;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// `incident-rate [--count n] [--seconds n] [--dimensions n] [--postgres connection-string]`: how fast similar incidents are found among
/// many (made up), and which indexes that uses.
/// </summary>
internal static class IncidentRateCommand
{
    private const string Common = "error cluster severity medium error service failed in region merchants";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var given = new CommandArguments(arguments);
        var (count, seconds, dimensions) = (given.Number("--count", 100_000), given.Number("--seconds", 5), given.Number("--dimensions", 0));
        await foreach (var database in OwnDatabase.EachAsync(given))
        {
            var random = new Random(1);
            var started = Stopwatch.GetTimestamp();
            await database.RecordAsync(Enumerable.Range(0, count).Select(_ => new NewIncident
            {
                SignalCluster = IncidentLines.Any(random),
                Confidence = 1,
                Embedding = dimensions == 0 ? (ReadOnlyMemory<float>?)null : Vector(random, dimensions),
            }));
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{database.Name}: {count} incidents recorded in {took:0} s"));
            await database.ExecuteAsync("ANALYZE");

            foreach (var callers in new[] { 1, 8 })
            {
                await MeasureAsync(database, "a signal", IncidentLines.Any, null, callers, seconds);
                await MeasureAsync(database, "common words alone", _ => Common, null, callers, seconds);
                if (dimensions > 0)
                {
                    await MeasureAsync(database, $"{dimensions} numbers", _ => "", r => Vector(r, dimensions), callers, seconds);
                }
            }

            await PrintPlansAsync(database, IncidentLines.Any(new Random(99)));
        }

        return 0;
    }

    private static ReadOnlyMemory<float> Vector(Random random, int dimensions) =>
        Enumerable.Range(0, dimensions).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();

    private static async Task MeasureAsync(
        OwnDatabase database, string what, Func<Random, string> signal, Func<Random, ReadOnlyMemory<float>>? vector, int callers, int seconds)
    {
        await database.Incidents.FindSimilarAsync(signal(new Random(0)), 5, vector?.Invoke(new Random(0)));
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(1, callers).Select(caller => Task.Run(async () =>
        {
            var (random, own) = (new Random(1_000 + caller), new List<double>());
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                var (text, numbers, begun) = (signal(random), vector?.Invoke(random), Stopwatch.GetTimestamp());
                await database.Incidents.FindSimilarAsync(text, 5, numbers);
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return own;
        })));
        var sorted = times.SelectMany(t => t).Order().ToList();
        var rate = sorted.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (median, late) = (sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.95)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{database.Name}: {what}, {callers} callers: {rate:0} searches/s, p50 {median:0.0} ms, p95 {late:0.0} ms"));
    }

    private static async Task PrintPlansAsync(OwnDatabase database, string signal)
    {
        var explain = database.Name == "SQLite" ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ";
        foreach (var (what, plan) in await IncidentPlans.ExplainAsync(
            database.Services.GetRequiredService<OwnConnectionExecutor>(), signal, explain))
        {
            Console.WriteLine($"{database.Name}: plan of {what}\n{plan}");
        }
    }
}
