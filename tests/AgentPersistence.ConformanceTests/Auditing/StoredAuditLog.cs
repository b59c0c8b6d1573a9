using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>The whole log as it is stored.</summary>
internal sealed class StoredAuditLog
{
    private readonly AuditHeadEntity _head;

    private StoredAuditLog(IReadOnlyList<AuditEntryEntity> rows, AuditHeadEntity head) => (Rows, _head) = (rows, head);

    /// <summary>The rows in the order of the chain.</summary>
    public IReadOnlyList<AuditEntryEntity> Rows { get; }

    /// <summary>Reads the log, what transactions have staged included, and asserts that it is one unbroken chain from 1 to the head.</summary>
    public static async Task<StoredAuditLog> ReadIntactAsync(TestDatabase database)
    {
        await using var agent = new Agent(database);
        var executor = agent.Get<OwnConnectionExecutor>();
        await AuditChain.ChainStagedAsync(executor, TestContext.Current.CancellationToken);
        var log = await executor.ReadSnapshotAsync(
            async (unit, ct) => new StoredAuditLog(
                await unit.Context.AuditEntries.OrderBy(e => e.Sequence).ToListAsync(ct), await unit.Context.AuditHead.SingleAsync(ct)),
            TestContext.Current.CancellationToken);
        log.AssertIntact();
        return log;
    }

    /// <summary>Asserts that everything acknowledged is there, as it was acknowledged, and that nothing is there twice.</summary>
    public void AssertHolds(IReadOnlyCollection<AuditAcknowledgement> acknowledged)
    {
        var bySequence = Rows.ToDictionary(r => r.Sequence);
        foreach (var told in acknowledged.Where(a => a.Kind != "refused"))
        {
            Assert.True(bySequence.TryGetValue(told.Sequence, out var row), $"{told} is missing");
            Assert.Equal(told.Id, row.ActionId);
            Assert.Equal(told.Kind == "completed", row.PreviousId is not null);
            Assert.True(told.Kind != "logged" || told.RunId == row.RunId, $"{told} is {row.RunId}");
        }

        AssertNothingIsDoubled();
    }

    private void AssertNothingIsDoubled()
    {
        foreach (var run in Rows.Where(r => r.PreviousId is null && r.RunId is not null).GroupBy(r => r.RunId!))
        {
            // Each writer logs one entry of a run, or three in one call: all or none, side by side.
            var expected = run.Key.EndsWith("-many", StringComparison.Ordinal) ? 3 : 1;
            Assert.True(run.Count() == expected, $"{run.Key} is there {run.Count()} times");
            Assert.Equal(expected - 1, run.Max(r => r.Sequence) - run.Min(r => r.Sequence));
        }

        Assert.Equal(Rows.Count, Rows.Select(r => r.Id).Distinct().Count());
        Assert.Distinct(Rows.Select(r => r.IdempotencyKey).OfType<string>());
        Assert.Distinct(Rows.Select(r => r.PreviousId).OfType<Guid>());
    }

    private void AssertIntact()
    {
        var hash = AuditHash.Genesis;
        foreach (var (i, row) in Rows.Index())
        {
            Assert.Equal(i + 1, row.Sequence);
            Assert.Equal(
                AuditHash.OfPersonal(row.Salt!, row.UserId, row.InputData, row.OutputData, row.EventDetails, row.ErrorMessage), row.PersonalHash);
            hash = AuditHash.OfRow(hash, row.Sequence, row);
            Assert.True(hash.AsSpan().SequenceEqual(row.Hash), $"the chain breaks at {row.Sequence}");
        }

        Assert.Equal(Rows.Count, _head.Sequence);
        Assert.Equal(hash, _head.Hash);
    }
}
