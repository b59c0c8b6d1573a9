using System.Globalization;
using AgentPersistence.Auditing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// Logs audit entries from several writers at once and tells each acknowledgement. Arguments: the kind of database, its connection
/// string, a name, the number of writers, the rounds of each (0: until it is killed). It says `ready`, takes the ids of pending entries
/// that it shall try to complete, starts at `go` and ends with `done`.
/// </summary>
internal static class AuditWriteCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kind, connectionString, name) = (arguments[0], arguments[1], arguments[2]);
        var (writers, rounds) = (Number(arguments[3]), Number(arguments[4]));
        await using var services = new ServiceCollection()
            .AddAgentPersistence(o => _ = kind == "Sqlite" ? o.UseSqlite(connectionString) : o.UsePostgreSql(connectionString))
            .Services.BuildServiceProvider();
        var audit = services.GetRequiredService<IAuditLogger>();

        Console.WriteLine("ready");
        var pending = new List<Guid>();
        while (await StandardInput.ReadLineAsync() is var line and not "go")
        {
            pending.Add(Guid.Parse(line, CultureInfo.InvariantCulture));
        }

        await Task.WhenAll(
            [.. Enumerable.Range(0, writers).Select(w => Task.Run(() => WriteAsync(audit, $"{name}-{w}", rounds))), CompleteAsync(audit, pending)]);
        Console.WriteLine("done");
        return 0;
    }

    private static async Task WriteAsync(IAuditLogger audit, string writer, int rounds)
    {
        for (var round = 0; rounds == 0 || round < rounds; round++)
        {
            var run = $"{writer}-{round}";
            Tell(run, await audit.LogAsync(new AuditEntry { RunId = run + "-plain", Action = "plain" }), "plain");
            Tell(run, await audit.LogAsync(new AuditEntry { RunId = run + "-keyed", IdempotencyKey = $"round-{round}" }), "keyed");

            var begun = await audit.LogAsync(new AuditEntry { RunId = run + "-begun", Status = AuditStatus.Pending });
            Tell(run, begun, "begun");
            await CompleteAsync(audit, [begun.Id]);

            var many = await audit.LogAsync([.. Enumerable.Range(0, 3).Select(_ => new AuditEntry { RunId = run + "-many" })]);
            foreach (var receipt in many)
            {
                Tell(run, receipt, "many");
            }
        }
    }

    private static async Task CompleteAsync(IAuditLogger audit, List<Guid> pending)
    {
        foreach (var id in pending)
        {
            try
            {
                var receipt = await audit.CompleteAsync(id, new AuditOutcome(AuditStatus.Success));
                Console.WriteLine($"completed {receipt.Id} {receipt.Sequence}");
            }
            catch (AuditConflictException)
            {
                Console.WriteLine($"refused {id}");
            }
        }
    }

    private static void Tell(string run, AuditReceipt receipt, string what) =>
        Console.WriteLine($"{(receipt.AlreadyLogged ? "known" : "logged")} {receipt.Id} {receipt.Sequence} {run}-{what}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
