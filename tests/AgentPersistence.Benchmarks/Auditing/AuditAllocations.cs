using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>What the process allocates for one audit write, without what the caller's entry and its payload take.</summary>
internal static class AuditAllocations
{
    private const int Most = 4_096;
    private const int Entries = 10_000;

    public static async Task RunAsync(IDatabases databases, TimeSpan duration, TextWriter output)
    {
        await output.WriteLineAsync("| callers | bytes a write | caller's entry | payload | beyond | target |\n|---|---|---|---|---|---|");
        var (library, entry) = (LoggedAudit.On(databases), BytesOfEntry());
        foreach (var callers in (int[])[1, 64, 1_024])
        {
            // The first turn compiles the code.
            await library.MeasureAsync(new Slice(callers, duration / 3, duration / 3));
            var measured = await library.MeasureAsync(new Slice(callers, duration / 3, duration));
            var beyond = measured.BytesPerOperation - entry - AuditEntries.PayloadBytes;
            await output.WriteLineAsync(
                $"| {callers:N0} | {measured.BytesPerOperation:N0} | {entry:N0} | {AuditEntries.PayloadBytes:N0} | {beyond:N0} "
                + $"| ≤ {Most:N0} {(beyond <= Most ? "met" : "**missed**")} |");
        }
    }

    private static double BytesOfEntry()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Entries; i++)
        {
            AuditEntries.Next();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Entries;
    }
}
