using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AgentPersistence.Approvals;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// Decides and consumes approvals, in an order of its own, in competition with other processes. Each effect is a row of
/// `approval_effects` in the transaction that consumes; some roll back and try again. It says `ready`, takes the ids of the approvals,
/// starts at `go`, tells each acknowledgement and ends with `done`. A victim stops for good inside its first transaction.
/// </summary>
/// <remarks>Arguments: kind, connection string, name, the action, another action [, `stop`].</remarks>
internal sealed class ApprovalRaceCommand(AgentHost host, string[] arguments)
{
    private readonly IApprovalStore approvals = host.Get<IApprovalStore>();
    private readonly string name = arguments[2];
    private readonly JsonElement action = JsonElement.Parse(arguments[3]);
    private readonly JsonElement changed = JsonElement.Parse(arguments[4]);
    private readonly bool stops = arguments.ElementAtOrDefault(5) == "stop";

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var host = new AgentHost(arguments[0], arguments[1]);
        var race = new ApprovalRaceCommand(host, arguments);
        Console.WriteLine("ready");
        var ids = new List<Guid>();
        while (await StandardInput.ReadLineAsync() is var line and not "go")
        {
            ids.Add(Guid.Parse(line, CultureInfo.InvariantCulture));
        }

        foreach (var id in ids.OrderBy(_ => Random.Shared.Next()))
        {
            await race.DecideAsync(id);
            await race.ConsumeAsync(id);

            // So that the victims get their share: SQLite gives its lock to whoever comes by.
            await Task.Delay(Random.Shared.Next(race.stops ? 1 : 10));
        }

        Console.WriteLine("done");
        return 0;
    }

    private async Task DecideAsync(Guid id)
    {
        try
        {
            var decision = Random.Shared.Next(3) == 0 ? ApprovalDecision.Reject : ApprovalDecision.Approve;
            var decided = await approvals.ResolveAsync(id, decision, name);
            Console.WriteLine($"decided {id} {decided.Status}");
        }
        catch (ApprovalConflictException)
        {
            // Another process was first.
        }
    }

    private async Task ConsumeAsync(Guid id)
    {
        while (true)
        {
            try
            {
                await using var connection = await host.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                if (await TakeEffectAsync(id, connection, transaction))
                {
                    await transaction.CommitAsync();
                    Console.WriteLine($"consumed {id}");
                    return;
                }
            }
            catch (Exception refusal) when (refusal is ApprovalConsumedException or ApprovalNotApprovedException)
            {
                return;
            }
        }
    }

    /// <summary>Consumes and acts; false where this attempt is to be rolled back.</summary>
    private async Task<bool> TakeEffectAsync(Guid id, DbConnection connection, DbTransaction transaction)
    {
        await using var enlisted = host.Get<IAgentDatabase>().Enlist(transaction);
        try
        {
            await enlisted.Approvals.ConsumeAsync(id, changed);
            Console.WriteLine($"wrong {id}");
        }
        catch (ApprovalActionMismatchException)
        {
            await enlisted.Approvals.ConsumeAsync(id, action);
        }

        await AgentHost.ExecuteAsync(
            connection, $"INSERT INTO approval_effects (approval, worker) VALUES ('{id}', '{name}')", transaction);
        if (stops)
        {
            Console.WriteLine("holding");
            await Task.Delay(Timeout.Infinite);
        }

        return Random.Shared.Next(4) > 0;
    }
}
