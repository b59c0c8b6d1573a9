using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Peers;

/// <summary>One figure of a peer's script. The script decides how long it takes.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="scripts">Where the scripts are.</param>
/// <param name="script">The script.</param>
/// <param name="peer">How the figure's `peer` begins.</param>
/// <param name="work">How the figure's `work` begins.</param>
internal sealed class PeerCompetitor(string name, PeerScripts scripts, string script, string peer, string work) : ICompetitor
{
    private const double Milliseconds = 0.001;

    public string Name => name;

    /// <summary>What the appends are held against: a message into a thread, by a library that keeps conversations.</summary>
    public static PeerCompetitor SavedMessages(PeerScripts scripts) =>
        new("@mastra/pg saveMessages", scripts, "mastra", "@mastra/pg", "append 1 message");

    public async Task<Measurement> MeasureAsync(Slice slice)
    {
        var figure = await scripts.TakeAsync(script, slice.Callers, f => f.GetProperty("c").GetInt32() == slice.Callers
            && f.GetProperty("peer").GetString()!.StartsWith(peer, StringComparison.Ordinal)
            && f.GetProperty("work").GetString()!.StartsWith(work, StringComparison.Ordinal));
        double Latency(string member) => figure.TryGetProperty(member, out var value) ? value.GetDouble() * Milliseconds : double.NaN;
        return new(figure.GetProperty("per_s").GetDouble(), Latency("p50_ms"), Latency("p99_ms"));
    }
}
