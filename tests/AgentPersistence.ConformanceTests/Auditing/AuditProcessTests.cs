using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>Several processes on one log.</summary>
public abstract class AuditProcessTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const int Rounds = 12;
    private const int SharedPending = 20;

    /// <summary>How many processes write at once, and how many writers each has.</summary>
    protected abstract (int Processes, int Writers) Load { get; }

    [Fact]
    public async Task What_many_processes_log_at_once_is_one_chain_with_every_acknowledged_entry_once()
    {
        var pending = await Agent.Audit.LogAsync(
            [.. Enumerable.Range(0, SharedPending).Select(_ => new AuditEntry { Status = AuditStatus.Pending })], Cancellation);
        var ids = pending.Select(p => p.Id).ToList();
        var processes = Enumerable.Range(0, Load.Processes).Select(i => new AuditWriterProcess(Database, $"p{i}", Load.Writers, Rounds)).ToList();
        try
        {
            await Task.WhenAll(processes.Select(p => p.WaitUntilReadyAsync()));
            var started = TimeProvider.System.GetTimestamp();
            await Task.WhenAll(processes.Select(p => p.GoAsync(ids)));
            var acknowledged = (await Task.WhenAll(processes.Select(p => p.EndAsync()))).SelectMany(a => a).ToList();

            var elapsed = TimeProvider.System.GetElapsedTime(started);
            TestContext.Current.SendDiagnosticMessage($"{GetType().Name}: {acknowledged.Count} acknowledgements in {elapsed.TotalSeconds:0.0} s");
            var log = await StoredAuditLog.ReadIntactAsync(Database);

            log.AssertHolds(acknowledged);
            AssertComplete(log, acknowledged, ids);
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    private void AssertComplete(StoredAuditLog log, List<AuditAcknowledgement> acknowledged, List<Guid> pending)
    {
        var rounds = Load.Processes * Load.Writers * Rounds;

        // A round logs a plain entry, a keyed one that all share, a pending one with its outcome, and three in one call.
        Assert.Equal((rounds * 6) + Rounds + (SharedPending * 2), log.Rows.Count);
        Assert.Equal(Rounds, acknowledged.Count(a => a.Kind == "logged" && a.RunId!.EndsWith("-keyed", StringComparison.Ordinal)));
        Assert.Equal(rounds - Rounds, acknowledged.Count(a => a.Kind == "known"));
        Assert.Equal(rounds * 5 + Rounds, acknowledged.Count(a => a.Kind == "logged"));
        Assert.All(pending, id => Assert.Equal(1, acknowledged.Count(a => a.Kind == "completed" && a.Id == id)));
        Assert.Equal(SharedPending * (Load.Processes - 1), acknowledged.Count(a => a.Kind == "refused"));
    }
}
