using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>The whole log as it is stored.</summary>
internal sealed class StoredAuditLog
{
    private StoredAuditLog(IReadOnlyList<AuditEntryEntity> rows) => Rows = rows;

    /// <summary>The rows in the order of the chain.</summary>
    public IReadOnlyList<AuditEntryEntity> Rows { get; }

    /// <summary>Reads the log, what transactions have staged included, and asserts that it is one unbroken chain from 1 to the head.</summary>
    public static async Task<StoredAuditLog> ReadIntactAsync(TestDatabase database)
    {
        await using var agent = new Agent(database);
        var verification = await agent.Verifier.VerifyAsync(cancellationToken: TestContext.Current.CancellationToken);
        var rows = await agent.Get<OwnConnectionExecutor>().ReadAsync(
            (unit, ct) => unit.Context.AuditEntries.OrderBy(e => e.Sequence).ToListAsync(ct), TestContext.Current.CancellationToken);
        Assert.True(verification.IsIntact, $"{verification}");
        Assert.Equal(rows.Count, verification.Verified);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(r => r.Sequence));
        return new StoredAuditLog(rows);
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
}
