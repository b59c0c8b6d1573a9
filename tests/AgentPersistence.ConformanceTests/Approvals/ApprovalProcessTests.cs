using System.Globalization;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

/// <summary>Processes that race for decisions and consumptions; two are killed inside the transaction that consumes.</summary>
public abstract class ApprovalProcessTests(TestDatabases databases) : ApprovalTests(databases)
{
    private const int Count = 100;
    private const int Victims = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private int Processes => Database.Kind == DatabaseKind.Sqlite ? 5 : 7;

    [Fact]
    public async Task Each_approval_is_decided_once_and_what_was_approved_takes_effect_once_whoever_is_killed()
    {
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS approval_effects (approval varchar(36), worker varchar(255))");
        var approvals = await AtOnceAsync(Count, _ => NewApprovalAsync());
        var processes = await StartAsync(approvals);

        var told = await Task.WhenAll(processes.Select((process, n) => ListenAsync(process, n < Victims ? "holding" : "done")));

        var (approved, said) = (0, told.SelectMany((lines, n) => lines.Select(line => (Process: n, Words: line.Split(' ')))).ToList());
        Assert.All(said, line => Assert.True(line.Words[0] is "decided" or "consumed", line.Words[0]));
        foreach (var approval in approvals)
        {
            var now = await GetAsync(approval.Id);
            var decided = Assert.Single(said, line => line.Words[0] == "decided" && IsOf(approval, line.Words));
            var consumed = said.Count(line => line.Words[0] == "consumed" && IsOf(approval, line.Words));
            var effects = await Database.CountAsync($"approval_effects WHERE approval = '{approval.Id}'");
            Assert.Equal(($"process-{decided.Process}", decided.Words[2]), (now.DecidedBy, $"{now.Status}"));
            Assert.Equal(
                now.Status == ApprovalStatus.Approved ? (1, 1, true) : (0, 0, false), (consumed, effects, now.ConsumedAt is not null));
            approved += consumed;
        }

        Assert.InRange(approved, 1, Count - 1);
        Assert.Equal(0, await Database.CountAsync("approval_effects WHERE worker IN ('process-0', 'process-1')"));
    }

    private static bool IsOf(Approval approval, string[] words) => Guid.Parse(words[1], CultureInfo.InvariantCulture) == approval.Id;

    private async Task<HostProcess[]> StartAsync(Approval[] approvals)
    {
        HostProcess[] processes =
        [
            .. Enumerable.Range(0, Processes).Select(n => HostProcess.Start(
                "approval-race",
                [
                    $"{Database.Kind}", Database.ConnectionString, $"process-{n}", Refund.GetRawText(), LargerRefund.GetRawText(),
                    .. n < Victims ? ["stop"] : Array.Empty<string>(),
                ])),
        ];
        foreach (var process in processes)
        {
            await process.WaitForLineAsync("ready");
            foreach (var approval in approvals)
            {
                await process.WriteLineAsync($"{approval.Id}");
            }
        }

        foreach (var process in processes)
        {
            await process.WriteLineAsync("go");
        }

        return processes;
    }

    /// <summary>What the process says until its last word; then it is killed, if it has not ended by itself.</summary>
    private static async Task<List<string>> ListenAsync(HostProcess process, string lastWord)
    {
        var lines = new List<string>();
        await using (process)
        {
            while (await process.ReadLineAsync(Patience) is var line && line != lastWord)
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}
