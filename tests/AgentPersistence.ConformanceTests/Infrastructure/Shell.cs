using System.Diagnostics;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Runs programs that end by themselves.</summary>
internal static class Shell
{
    public static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        // The folder must be one that every account may enter: some commands change to another account.
        ProcessStartInfo start = new(command[0], command.Skip(1)) { WorkingDirectory = Path.GetPathRoot(Path.GetTempPath()) };
        // PGDATA, PGPORT and the like are about the developer's own server.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Returns what the program wrote to its standard output.</summary>
    public static async Task<string> RunAsync(IReadOnlyList<string> command)
    {
        var start = Describe(command);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"`{string.Join(' ', command)}` ended with {process.ExitCode}:\n{await error}\n{await output}");
    }
}
