using System.Diagnostics.Metrics;
using AgentPersistence.Internal;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>What workers count, by mode.</summary>
internal static class JobInstruments
{
    private const string Prefix = "agent_persistence.jobs.";

    private static readonly Counter<long> Claims = AgentMeter.Meter.CreateCounter<long>(Prefix + "claimed", "{job}", "Jobs claimed by workers.");
    private static readonly Counter<long> Ends = AgentMeter.Meter.CreateCounter<long>(
        Prefix + "ended", "{attempt}", "Attempts ended by workers, by what became of the job.");

    private static readonly UpDownCounter<long> Held = AgentMeter.Meter.CreateUpDownCounter<long>(
        Prefix + "held", "{job}", "Jobs held by workers, running or about to.");

    private static readonly Histogram<double> Durations = AgentMeter.Meter.CreateHistogram<double>(
        Prefix + "duration", "s", "How long handlers ran.");

    public static void Claimed(string mode)
    {
        Claims.Add(1, Mode(mode));
        Held.Add(1, Mode(mode));
    }

    public static void Ran(string mode, TimeSpan time) => Durations.Record(time.TotalSeconds, Mode(mode));

    /// <param name="mode">The job's mode.</param>
    /// <param name="outcome">What became of the job: a status, <c>settled</c> by its handler, or <c>lost</c>.</param>
    public static void Ended(string mode, string outcome)
    {
        Ends.Add(1, Mode(mode), new("agent_persistence.outcome", outcome));
        Held.Add(-1, Mode(mode));
    }

    private static KeyValuePair<string, object?> Mode(string mode) => new("agent_persistence.mode", mode);
}
