using System.Globalization;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>Processes that share a budget, and one that is killed while it holds part of it.</summary>
public abstract class TokenBudgetProcessTests(TestDatabases databases) : TokenTests(databases)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Processes_that_reserve_at_once_never_overspend()
    {
        const int limit = 700;
        var budget = await NewBudgetAsync(limit);
        var processes = Enumerable.Range(0, 4).Select(_ => Start(budget, callers: 50, amount: 7, used: 6, TimeSpan.FromMinutes(5))).ToList();
        foreach (var process in processes)
        {
            Assert.Equal("ready", await process.ReadLineAsync(Patience));
        }

        await Task.WhenAll(processes.Select(p => p.WriteLineAsync("go")));
        var lines = await Task.WhenAll(processes.Select(ReadAsync));

        // 200 callers want 1,400; every second one settles 6 of the 7 it has. What that gives back after the last one was refused is left.
        var (kept, settled) = (lines.Sum(l => l.Count(x => x == "kept")), lines.Sum(l => l.Count(x => x == "settled")));
        Assert.Equal((settled * 6m, kept * 7m), await FiguresAsync(budget));
        Assert.InRange((settled * 6) + (kept * 7), limit - 6 - settled, limit);
        Assert.Equal(200, kept + settled + lines.Sum(l => l.Count(x => x == "refused")));
    }

    [Fact]
    public async Task What_a_killed_process_held_is_given_back_when_its_time_is_over()
    {
        var budget = await NewBudgetAsync(100);
        await using var victim = Start(budget, callers: 1, amount: 100, used: 0, TimeSpan.FromSeconds(3));
        await victim.WaitForLineAsync("ready", Patience);
        await victim.WriteLineAsync("go");
        await victim.WaitForLineAsync("kept", Patience);
        await victim.KillAsync();

        Assert.False((await Tokens.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
        var deadline = DateTime.UtcNow + Patience;
        TokenReservationResult result;
        while (!(result = await Tokens.TryReserveAsync(Of(budget, 100), Cancellation)).IsReserved)
        {
            Assert.True(DateTime.UtcNow < deadline, "Nothing was given back.");
            await Task.Delay(100, Cancellation);
        }

        Assert.Equal((0m, 100m), (result.Budget.Used, result.Budget.Reserved));
    }

    private HostProcess Start(TokenBudgetKey budget, int callers, int amount, int used, TimeSpan timeToLive) => HostProcess.Start(
        "token-reserve", $"{Database.Kind}", Database.ConnectionString, budget.Scope, Text(callers), Text(amount), Text(used),
        Text((int)timeToLive.TotalMilliseconds));

    private static async Task<List<string>> ReadAsync(HostProcess process)
    {
        await using (process)
        {
            var lines = new List<string>();
            while (await process.ReadLineAsync(Patience) is var line and not "done")
            {
                lines.Add(line);
            }

            await process.WriteLineAsync("bye");
            await process.WaitForExitAsync();
            return lines;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
