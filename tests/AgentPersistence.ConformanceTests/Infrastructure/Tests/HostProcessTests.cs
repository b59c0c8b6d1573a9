using System.Diagnostics;

namespace AgentPersistence.ConformanceTests.Infrastructure.Tests;

public sealed class HostProcessTests
{
    [Fact]
    public async Task A_process_answers_and_ends()
    {
        await using var host = HostProcess.Start("ping", "with spaces", "ü");
        Assert.Equal("pong with spaces ü", await host.ReadLineAsync());

        await host.WriteLineAsync("again");
        Assert.Equal("again", await host.ReadLineAsync());

        await host.WriteLineAsync("bye");
        await host.WaitForExitAsync();
        Assert.Empty(await host.Lines.ToListAsync());
    }

    [Fact]
    public async Task A_killed_process_is_gone()
    {
        await using var host = HostProcess.Start("ping");
        await host.WaitForLineAsync("pong");

        await host.KillAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(host.Id));
    }

    [Fact]
    public async Task A_failure_tells_what_the_process_wrote_to_its_errors()
    {
        await using var host = HostProcess.Start("no-such-command");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.WaitForExitAsync());

        Assert.Contains("Usage:", failure.Message, StringComparison.Ordinal);
    }
}
