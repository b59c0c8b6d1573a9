using System.Diagnostics;

namespace AgentPersistence.ConformanceTests.Samples;

/// <summary>A sample as its user starts it: a process of its own, in a new working directory.</summary>
internal sealed class SampleProgram(string name) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sample-test-");

    public string FileNamed(string fileName) => Path.Combine(_folder.FullName, fileName);

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it, and sends SIGKILL when the moment has come.</summary>
    /// <returns>Whether it still ran then.</returns>
    public async Task<bool> KillAsync(Func<Task> moment, params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            await Task.WhenAny(moment(), process.WaitForExitAsync(TestContext.Current.CancellationToken)).WaitAsync(Patience);
            return !process.HasExited;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Process Start(string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(dotnet, [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A killed process would leave its diagnostic sockets in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
