using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>Processes that end in the middle of their work.</summary>
public abstract class AuditCrashTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const int Kills = 50;
    private const int Writers = 4;
    private const int MostTold = 50;

    [Fact]
    public async Task A_writer_killed_50_times_leaves_one_chain_with_every_acknowledged_entry_once()
    {
        var acknowledged = new List<AuditAcknowledgement>();
        var next = new AuditWriterProcess(Database, "w0", Writers);
        for (var i = 0; i < Kills; i++)
        {
            await using var writer = next;
            await writer.WaitUntilReadyAsync();

            // The next one starts while this one writes: that is most of the time that it takes.
            next = new AuditWriterProcess(Database, $"w{i + 1}", Writers, rounds: i + 1 < Kills ? 0 : 2);
            await writer.GoAsync();
            if (i % 5 != 0)
            {
                for (var told = Random.Shared.Next(1, MostTold); told > 0; told--)
                {
                    acknowledged.Add(await writer.ReadAsync());
                }
            }

            // Every fifth dies early, in what a process does only once; the others while they write at full speed.
            await Task.Delay(Random.Shared.Next(i % 5 == 0 ? 300 : 10), Cancellation);
            acknowledged.AddRange(await writer.KillAsync());
        }

        await using var last = next;
        await last.WaitUntilReadyAsync();
        await last.GoAsync();
        acknowledged.AddRange(await last.EndAsync());

        var log = await StoredAuditLog.ReadIntactAsync(Database);
        log.AssertHolds(acknowledged);
        Assert.InRange(acknowledged.Count(a => a.Kind == "logged"), Kills, log.Rows.Count);
        TestContext.Current.SendDiagnosticMessage($"{GetType().Name}: {acknowledged.Count} acknowledgements, {log.Rows.Count} rows");
    }
}
