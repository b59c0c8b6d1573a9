using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A second process that uses the library: one command of AgentPersistence.TestHost.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string description;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder error = new();
    private readonly Task reading;

    private HostProcess(Process process, string description)
    {
        this.process = process;
        this.description = description;
        reading = Task.WhenAll(ReadOutputAsync(), ReadErrorAsync());
    }

    public int Id => process.Id;

    /// <summary>What the process writes, line by line, until it ends. One reader at a time.</summary>
    public IAsyncEnumerable<string> Lines => lines.Reader.ReadAllAsync();

    public static HostProcess Start(string command, params IReadOnlyList<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "AgentPersistence.TestHost.dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(dotnet, [program, command, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A killed process would leave its diagnostic sockets in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new HostProcess(Process.Start(start)!, $"The test host's `{command} {string.Join(' ', arguments)}`");
    }

    /// <summary>The next line; throws, with the process' errors, when it ends or stays silent.</summary>
    public async Task<string> ReadLineAsync(TimeSpan? patience = null)
    {
        using CancellationTokenSource timeout = new(patience ?? DefaultPatience);
        try
        {
            return await lines.Reader.ReadAsync(timeout.Token);
        }
        catch (ChannelClosedException)
        {
            await process.WaitForExitAsync();
            throw Failure($"ended with {process.ExitCode} where a line was expected");
        }
        catch (OperationCanceledException)
        {
            throw Failure("wrote no line in time");
        }
    }

    /// <summary>Reads lines up to and including this one.</summary>
    public async Task WaitForLineAsync(string expected, TimeSpan? patience = null)
    {
        while (await ReadLineAsync(patience) != expected)
        {
            // What was written before is not awaited.
        }
    }

    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: the process runs no more code of its own.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process stands still, and its clocks go on.</summary>
    public Task PauseAsync() => Shell.RunAsync(["kill", "-STOP", $"{Id}"]);

    public Task ResumeAsync() => Shell.RunAsync(["kill", "-CONT", $"{Id}"]);

    /// <summary>Throws, with the process' errors, unless it ends in time and with success.</summary>
    public async Task WaitForExitAsync(TimeSpan? patience = null)
    {
        using CancellationTokenSource timeout = new(patience ?? DefaultPatience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failure("did not end in time");
        }

        await reading;
        if (process.ExitCode != 0)
            throw Failure($"ended with {process.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        await reading;
        process.Dispose();
    }

    private InvalidOperationException Failure(string what)
    {
        lock (error)
            return new InvalidOperationException($"{description} {what}.\n{error}");
    }

    private async Task ReadOutputAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            lines.Writer.TryWrite(line);
        lines.Writer.Complete();
    }

    private async Task ReadErrorAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (error)
                error.AppendLine(line);
        }
    }
}
