using System.Diagnostics;
using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Growth.Tables;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>
/// Each table at sizes from 10⁴ rows on, in a database for each size, so that the sizes are measured in turns like competitors.
/// </summary>
internal sealed class GrowthSuite(Bench bench, IDatabases databases, string database)
{
    private const long Smallest = 10_000;
    private const double Most = 1.5;

    private static readonly IReadOnlyList<GrowingTable> Tables =
    [
        AuditLogGrowth.Table, SessionGrowth.Table, IdempotencyGrowth.Table, JobGrowth.Ended, JobGrowth.Waiting, MessageGrowth.Table,
        TokenGrowth.Table, BudgetGrowth.Table, InteractionGrowth.Table, RunGrowth.Table, TransactionGrowth.Table, IncidentGrowth.Table,
        ApprovalGrowth.Table, CustomerGrowth.Table, KnowledgeGrowth.Table, DeploymentGrowth.Table,
    ];

    // Long enough for many callers to open their connections.
    private static readonly TimeSpan WarmUpOfMany = TimeSpan.FromSeconds(0.5);

    public async Task RunAsync(long largest)
    {
        foreach (var table in Tables.Where(t => bench.Arguments.Table is null || t.Name == bench.Arguments.Table))
        {
            var sizes = new List<GrownTable>();
            try
            {
                for (var rows = Smallest; rows <= largest; rows *= 10)
                {
                    var started = Stopwatch.GetTimestamp();
                    sizes.Add(await GrownTable.FillAsync(databases, table, rows));
                    await bench.Progress.WriteLineAsync(
                        $"{database}: {table.Name}, {rows:N0} rows filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s");
                }

                await MeasureAsync(table, sizes);
                if (table == AuditLogGrowth.Table)
                {
                    await ChainVerification.RunAsync(bench, databases, database, sizes);
                }
            }
            finally
            {
                foreach (var size in sizes)
                {
                    await size.DisposeAsync();
                }
            }
        }
    }

    private async Task MeasureAsync(GrowingTable table, List<GrownTable> sizes)
    {
        await bench.Output.WriteLineAsync(
            $"\n| {database}: {table.Name} | callers |{string.Concat(sizes.Select(s => $" {s.Rows:0e0} |"))} last ÷ first | target |\n"
            + $"|---|---|{string.Concat(sizes.Select(_ => "---|"))}---|---|");
        var plot = new LogLogPlot($"{database}: {table.Name}", "rows", "µs an operation");

        // What adds rows comes last: there is no copy of a large table for each turn.
        foreach (var operation in table.Operations.OrderBy(o => o.Adds))
        {
            var costs = await CostsAsync(operation, sizes);
            var ratio = Report.Median(costs[^1].Zip(costs[0], (last, first) => last / first));
            var medians = costs.Select(Report.Median).ToList();
            await bench.Output.WriteLineAsync(
                $"| {operation.Name} | {operation.Callers} |{string.Concat(medians.Select(cost => $" {Report.Time(cost)} |"))} "
                + $"{(double.IsNaN(ratio) ? "" : $"{ratio:0.00} ×")} | ≤ {Most} × {(ratio <= Most ? "met" : "**missed**")} |");
            await bench.Output.FlushAsync();
            plot.Add(
                operation.Callers == 1 ? operation.Name : $"{operation.Name}, {operation.Callers} callers",
                sizes.Zip(medians, (size, cost) => ((double)size.Rows, cost * 1e6)));
        }

        await bench.Output.WriteLineAsync(
            $"| bytes a row, indexes included | |{string.Concat(sizes.Select(s => $" {s.BytesPerRow:N0} |"))} | |");
        await bench.Output.FlushAsync();
        var file = Path.Combine(bench.Arguments.Output, FileName(table));
        await File.WriteAllTextAsync(file, plot.ToSvg());
    }

    /// <summary>What one operation costs at each size, in seconds: one figure a round.</summary>
    private async Task<List<List<double>>> CostsAsync(Operation operation, List<GrownTable> sizes)
    {
        var costs = sizes.ConvertAll(_ => new List<double>());
        var duration = bench.Arguments.Duration / 2;
        var slice = new Slice(operation.Callers, operation.Callers == 1 ? duration / 2 : WarmUpOfMany, duration);
        for (var round = 0; round <= bench.Arguments.Rounds; round++)
        {
            foreach (var (i, size) in sizes.Index())
            {
                var measured = await size.MeasureAsync(operation, slice);
                await bench.Progress.WriteLineAsync($"{operation.Name}, {size.Rows:N0} rows, round {round}: {measured.PerSecond:N0}/s");
                if (round > 0)
                {
                    costs[i].Add(operation.Callers == 1 ? measured.Median : 1 / measured.PerSecond);
                }
            }
        }

        return costs;
    }

    private string FileName(GrowingTable table) =>
        string.Create(CultureInfo.InvariantCulture, $"growth-{database}-{table.Name}.svg").ToLowerInvariant().Replace(' ', '-');
}
