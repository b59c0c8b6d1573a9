using System.Diagnostics;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.StartUp;

/// <summary>From the start of a process to its first durable write; the database is migrated. Processes are started one by one.</summary>
internal sealed class StartedProcess(string name, string writer, IDatabases databases, string kind) : ICompetitor
{
    private const int Fewest = 3;

    public string Name => name;

    public async Task<Measurement> MeasureAsync(Slice slice)
    {
        var connectionString = await databases.CreateAsync();
        try
        {
            var times = new List<double>();
            for (var started = Stopwatch.GetTimestamp(); times.Count < Fewest || Stopwatch.GetElapsedTime(started) < slice.Duration;)
            {
                times.Add(await StartAsync([FirstWrite.Command, writer, kind, connectionString]));
            }

            return new(1 / Report.Median(times), Report.Median(times), times.Max());
        }
        finally
        {
            await databases.DropAsync(connectionString);
        }
    }

    private static async Task<double> StartAsync(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] command = isHost ? [typeof(StartedProcess).Assembly.Location, .. arguments] : arguments;
        var start = new ProcessStartInfo(program, command) { RedirectStandardOutput = true };
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        var taken = Stopwatch.GetElapsedTime(begin);
        await process.WaitForExitAsync();
        return line == FirstWrite.Done
            ? taken.TotalSeconds
            : throw new InvalidOperationException($"A process ended without its write: {line}");
    }
}
