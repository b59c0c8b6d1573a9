using System.Collections.ObjectModel;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Tokens.Storage;

/// <summary>The sums of one group's entries in one currency (or without a cost), as the database computes them.</summary>
internal sealed record TokenFigures(
    string? Scope, string? Provider, string? Model, long Day, string? Currency, long Entries, long Priced, TokenUsage Usage, decimal Cost)
{
    private const int SumsStart = 5;

    /// <summary>Reads a row of days: the day, then <c>TokenSums</c>.</summary>
    public static TokenFigures ReadDay(StoreReader row) => Read(row, 1) with { Day = row.Number(0) };

    /// <summary>Reads a row of scope, provider and model, then <c>TokenSums</c>.</summary>
    public static TokenFigures ReadModel(StoreReader row) =>
        Read(row, 3) with { Scope = row.Text(0), Provider = row.Text(1), Model = row.TextOrNull(2) };

    /// <summary>One group's sums, whatever currencies they are in.</summary>
    public static TokenTotals Total(IEnumerable<TokenFigures> figures)
    {
        var totals = new TokenTotals();
        var costs = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var sums in figures)
        {
            totals = totals with
            {
                Entries = totals.Entries + sums.Entries,
                EntriesWithoutCost = totals.EntriesWithoutCost + sums.Entries - sums.Priced,
                Usage = Add(totals.Usage, sums.Usage),
            };
            if (sums.Currency is { } currency)
            {
                costs.Add(currency, sums.Cost);
            }
        }

        return totals with { Costs = new ReadOnlyDictionary<string, decimal>(costs) };
    }

    private static TokenFigures Read(StoreReader row, int start) => new(
        null,
        null,
        null,
        0,
        row.TextOrNull(start),
        row.Number(start + 1),
        row.Number(start + 2),
        new TokenUsage
        {
            Input = row.Number(start + 3),
            CacheRead = row.Number(start + 4),
            CacheWrite = row.Number(start + SumsStart),
            Output = row.Number(start + SumsStart + 1),
            Reasoning = row.Number(start + SumsStart + 2),
        },
        row.SumOfDecimals(start + SumsStart + 3));

    private static TokenUsage Add(TokenUsage a, TokenUsage b) => new()
    {
        Input = a.Input + b.Input,
        CacheRead = a.CacheRead + b.CacheRead,
        CacheWrite = a.CacheWrite + b.CacheWrite,
        Output = a.Output + b.Output,
        Reasoning = a.Reasoning + b.Reasoning,
    };
}
