namespace AgentPersistence.Benchmarks.Harness;

/// <summary>
/// Measures competitors in turns, A B A B …, because a shared machine is not the same from one minute to the next: what is compared
/// was measured side by side. A first round is not counted; by then all code is compiled.
/// </summary>
internal sealed class Rounds(int count, TimeSpan duration, TextWriter progress)
{
    private static readonly TimeSpan ShortestWarmUp = TimeSpan.FromSeconds(0.5);

    /// <returns>One measurement a round for each competitor, the library's first.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<Measurement>>> RunAsync(Comparison comparison)
    {
        ICompetitor[] competitors = [comparison.Library, .. comparison.Rivals.Select(r => r.Competitor)];
        var slice = new Slice(comparison.Callers, duration / 3 < ShortestWarmUp ? ShortestWarmUp : duration / 3, duration);
        var measured = competitors.Select(_ => new List<Measurement>()).ToArray();
        for (var round = 0; round <= count; round++)
        {
            for (var i = 0; i < competitors.Length; i++)
            {
                var measurement = await competitors[i].MeasureAsync(slice);
                await progress.WriteLineAsync(
                    $"{comparison.Work}, {comparison.Callers} callers, round {round}: {competitors[i].Name}: {measurement.PerSecond:N0}/s");
                if (round > 0)
                {
                    measured[i].Add(measurement);
                }
            }
        }

        return measured;
    }
}
