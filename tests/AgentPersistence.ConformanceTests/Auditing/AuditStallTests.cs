using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>What a host's slow transaction does to everybody else. PostgreSQL only: on SQLite a transaction that writes excludes every other.</summary>
[Collection(Undisturbed.Name)]
public sealed class AuditStallTests(PostgreSqlDatabases databases)
{
    private const int Agents = 3;
    private const int Keys = 10;

    private static readonly TimeSpan Open = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentBag<AuditReceipt> _receipts = [];
    private long _worst;
    private long _worstQuery;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_that_logged_an_entry_and_stays_open_for_5_s_delays_no_other_writer()
    {
        await using var database = await databases.CreateAsync();
        await using var host = new Agent(database);
        var agents = Enumerable.Range(0, Agents).Select(_ => new Agent(database)).ToList();
        using var ended = new CancellationTokenSource();
        await Task.WhenAll(agents.Select((agent, i) => WarmAsync(agent, $"{i}")));

        await using var transaction = await host.Database.BeginTransactionAsync(Cancellation);
        var pending = await transaction.Audit.LogAsync(new AuditEntry { RunId = "slow", Status = AuditStatus.Pending }, Cancellation);
        await transaction.Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        var early = await transaction.Audit.LogAsync([.. Enumerable.Range(0, Keys).Select(k => Keyed("slow", k))], Cancellation);
        var others = agents.SelectMany((agent, i) => new[]
        {
            Task.Run(() => LogAsync(agent, $"plain-{i}", keyed: false, ended.Token)),
            Task.Run(() => LogAsync(agent, $"keyed-{i}", keyed: true, ended.Token)),
            Task.Run(() => TransactAsync(agent, $"short-{i}", ended.Token)),
        }).ToList();
        others.Add(Task.Run(() => QueryAsync(database, ended.Token)));
        await Task.Delay(Open, Cancellation);
        await ended.CancelAsync();
        await Task.WhenAll(others);
        await transaction.CommitAsync(Cancellation);

        TestContext.Current.SendDiagnosticMessage(
            $"AuditStallTests: {_receipts.Count} entries beside a slow transaction, the slowest in {Elapsed(_worst).TotalMilliseconds:0} ms; "
            + $"the slowest SELECT 1 meanwhile took {Elapsed(_worstQuery).TotalMilliseconds:0} ms");
        Assert.InRange(_receipts.Count, 100, int.MaxValue);

        // A machine that is short of time slows a bare query as much.
        Assert.InRange(Elapsed(_worst), TimeSpan.Zero, Bound + Elapsed(_worstQuery));
        await AssertFirstComeStaysAsync(database, early);
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_host_that_stands_still_in_the_middle_of_a_commit_is_passed_and_loses_nothing()
    {
        await using var database = await databases.CreateAsync();
        await using var host = new Agent(database);
        await using var other = new Agent(database);
        await Task.WhenAll(WarmAsync(host, "host"), WarmAsync(other, "other"));
        var executor = host.Get<OwnConnectionExecutor>();
        var append = new AuditAppend([AuditRows.Prepare(new AuditEntry { RunId = "still" }, executor)]);
        using var passed = new CancellationTokenSource();
        var holds = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var still = executor.TransactAsync(
            async (unit, ct) =>
            {
                await AuditChain.AppendAsync(unit, [append], ct);
                holds.TrySetResult();
                return await Task.Delay(Timeout.Infinite, passed.Token).ContinueWith(_ => true, TaskScheduler.Default);
            },
            Cancellation);
        await holds.Task;

        var started = Stopwatch.GetTimestamp();
        var receipt = await other.Audit.LogAsync(new AuditEntry { RunId = "passing" }, Cancellation);
        var waited = Stopwatch.GetElapsedTime(started);
        await passed.CancelAsync();
        await still;

        TestContext.Current.SendDiagnosticMessage($"AuditStallTests: a host that stands still was passed after {waited.TotalMilliseconds:0} ms");
        Assert.InRange(waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        var log = await StoredAuditLog.ReadIntactAsync(database);
        Assert.Equal(receipt.Sequence, Assert.Single(log.Rows, r => r.RunId == "passing").Sequence);
        Assert.Equal(append.Receipts[0].Sequence, Assert.Single(log.Rows, r => r.RunId == "still").Sequence);
    }

    private static async Task WarmAsync(Agent agent, string name)
    {
        for (var i = 0; i < 30; i++)
        {
            await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
            await transaction.Audit.LogAsync(new AuditEntry { RunId = "warm", IdempotencyKey = $"warm-{i}" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
            await agent.Audit.LogAsync(new AuditEntry { RunId = $"warm-{name}", IdempotencyKey = $"warm-{i}" }, Cancellation);
        }
    }

    private async Task LogAsync(Agent agent, string run, bool keyed, CancellationToken ended)
    {
        for (var i = 0; !ended.IsCancellationRequested; i++)
        {
            var entry = keyed ? Keyed(run, i % Keys) : new AuditEntry { RunId = run };
            await MeasureAsync(async () => _receipts.Add(await agent.Audit.LogAsync(entry, Cancellation)));
        }
    }

    /// <summary>Transactions that log under the same keys, and are short.</summary>
    private async Task TransactAsync(Agent agent, string run, CancellationToken ended)
    {
        for (var i = 0; !ended.IsCancellationRequested; i++)
        {
            await MeasureAsync(async () =>
            {
                await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
                await transaction.Audit.LogAsync(Keyed(run, i % Keys), Cancellation);
                await transaction.CommitAsync(Cancellation);
            });
        }
    }

    private async Task MeasureAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        Keep(ref _worst, Stopwatch.GetTimestamp() - started);
        await Task.Delay(5, Cancellation);
    }

    private async Task QueryAsync(TestDatabase database, CancellationToken ended)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        while (!ended.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await command.ExecuteScalarAsync(Cancellation);
            Keep(ref _worstQuery, Stopwatch.GetTimestamp() - started);
            await Task.Delay(5, Cancellation);
        }
    }

    private async Task AssertFirstComeStaysAsync(TestDatabase database, IReadOnlyList<AuditReceipt> early)
    {
        var log = await StoredAuditLog.ReadIntactAsync(database);
        var keyed = log.Rows.Where(r => r.IdempotencyKey?.StartsWith("key-", StringComparison.Ordinal) == true).ToList();

        // The slow transaction was the first to log them, but the others entered the chain before it.
        Assert.Equal(Keys, keyed.Count);
        Assert.DoesNotContain(keyed, r => r.RunId == "slow" || early.Any(e => e.Id == r.Id));
        Assert.Equal(["pending", "success"], Slow(log).Select(r => r.Status));
        Assert.All(_receipts, receipt => Assert.Equal(receipt.Id, log.Rows[(int)receipt.Sequence!.Value - 1].Id));
    }

    private static IEnumerable<AuditEntryEntity> Slow(StoredAuditLog log)
    {
        var first = Assert.Single(log.Rows, r => r.RunId == "slow");
        return log.Rows.Where(r => r.ActionId == first.Id);
    }

    private static AuditEntry Keyed(string run, int key) => new() { RunId = run, IdempotencyKey = $"key-{key}" };

    private static TimeSpan Elapsed(long ticks) => Stopwatch.GetElapsedTime(0, ticks);

    private static void Keep(ref long worst, long ticks)
    {
        for (var seen = Volatile.Read(ref worst); ticks > seen; seen = Volatile.Read(ref worst))
        {
            Interlocked.CompareExchange(ref worst, ticks, seen);
        }
    }
}
