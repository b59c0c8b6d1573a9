using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentPersistence.Benchmarks.Harness;

/// <summary>What a reader of the figures must know: where they were measured, and whether anybody else was at work there.</summary>
internal static class Surroundings
{
    public static async Task DescribeAsync(TextWriter output)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        await output.WriteLineAsync(
            $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} × {await ProcessorAsync()}, {memory:0} GiB; "
            + $"{RuntimeInformation.FrameworkDescription}, library built for {Configuration()}; load before: {await LoadAsync()}");
    }

    private static string Configuration() =>
        typeof(IAgentDatabase).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true
            ? "**Debug, so these figures are worth nothing**"
            : "Release";

    private static async Task<string> ProcessorAsync() => File.Exists("/proc/cpuinfo")
        ? (await File.ReadAllLinesAsync("/proc/cpuinfo"))
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static async Task<string> LoadAsync() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[..3]) : "unknown";
}
