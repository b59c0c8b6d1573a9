using System.Globalization;

namespace AgentPersistence.Benchmarks.Harness;

/// <summary>Comparisons as rows of one table in markdown.</summary>
internal sealed class Report(TextWriter output)
{
    private const string Header = """
        | work | callers | competitor | per second (least – most) | median | 99 % | bytes | library ÷ it | target |
        |---|---|---|---|---|---|---|---|---|
        """;

    public Task BeginAsync() => output.WriteLineAsync(Header);

    public async Task AddAsync(Comparison comparison, IReadOnlyList<IReadOnlyList<Measurement>> measured)
    {
        await output.WriteLineAsync($"{Start(comparison, "**AgentPersistence**", measured[0])} |  |  |");
        foreach (var (i, rival) in comparison.Rivals.Index())
        {
            var theirs = measured[i + 1];

            // The ratio of each round, so that what both suffered in it cancels out.
            var isTimed = comparison.Callers == 1 && !double.IsNaN(theirs[0].Median);
            var quantity = rival.Target?.Quantity ?? (isTimed ? Quantity.Latency : Quantity.Throughput);
            double Value(Measurement of) => quantity == Quantity.Throughput ? of.PerSecond : TimeOfACall(of, comparison.Callers);
            var ratio = Median(measured[0].Zip(theirs, (own, other) => Value(own) / Value(other)));
            await output.WriteLineAsync(
                $"{Start(comparison, rival.Competitor.Name, theirs)} | {Ratio(ratio, quantity)} | {Verdict(rival.Target, ratio)} |");
        }

        await output.FlushAsync();
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }

    public static string Time(double seconds) => seconds switch
    {
        double.NaN => "",
        < 0.001 => $"{seconds * 1e6:0} µs",
        < 1 => $"{seconds * 1e3:0.00} ms",
        _ => $"{seconds:0.00} s",
    };

    private static string Start(Comparison comparison, string name, IReadOnlyList<Measurement> measured)
    {
        var rates = measured.Select(m => m.PerSecond).ToList();
        var bytes = Median(measured.Select(m => m.BytesPerOperation));
        return $"| {comparison.Work} | {comparison.Callers:N0} | {name} | {Median(rates):N0} ({rates.Min():N0} – {rates.Max():N0}) "
            + $"| {Time(Median(measured.Select(m => m.Median)))} | {Time(Median(measured.Select(m => m.Percentile99)))} "
            + $"| {(double.IsNaN(bytes) ? "" : bytes.ToString("N0", CultureInfo.InvariantCulture))}";
    }

    // Of many callers some may be served again and again while others wait: half of all calls say nothing of those.
    private static double TimeOfACall(Measurement measurement, int callers) => callers == 1 ? measurement.Median : callers / measurement.PerSecond;

    private static string Ratio(double ratio, Quantity quantity) =>
        quantity == Quantity.Throughput ? $"{ratio:0.00} ×" : $"{ratio:0.00} × as long";

    private static string Verdict(Target? target, double ratio) =>
        target is { } promised ? $"{promised} × {(promised.IsMetBy(ratio) ? "met" : "**missed**")}" : "";
}
