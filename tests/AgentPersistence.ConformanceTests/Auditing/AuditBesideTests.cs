using System.Diagnostics;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Npgsql;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>
/// Commits whose rows are inserted while the commit before is on its way, and what may come between the two. PostgreSQL only: on SQLite
/// nobody writes beside a transaction that writes.
/// </summary>
[Collection(Undisturbed.Name)]
public sealed class AuditBesideTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private const int Callers = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;
    private Agent _agent = null!;
    private Agent _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _agent = new Agent(_database);
        _other = new Agent(_database);
        await WarmAsync(_agent);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _other.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Who_holds_the_head_and_needs_the_places_of_rows_that_are_inserted_already_gets_them()
    {
        var executor = _other.Get<OwnConnectionExecutor>();
        var append = new AuditAppend([.. Enumerable.Range(0, 5).Select(_ => AuditRows.Prepare(new AuditEntry { RunId = "other" }, executor))]);
        var callers = Array.Empty<Task<AuditReceipt>>();
        var waited = TimeSpan.Zero;

        await executor.TransactAsync(
            async (unit, ct) =>
            {
                await AuditChain.AppendAsync(unit, [], ct);
                callers = [.. Log(_agent, "own", Callers)];
                await WaitForRowsBesideAsync();
                var started = Stopwatch.GetTimestamp();
                await AuditChain.AppendAsync(unit, [append], ct);
                waited = Stopwatch.GetElapsedTime(started);
                return true;
            },
            Cancellation);

        var receipts = await Task.WhenAll(callers).WaitAsync(Patience, Cancellation);
        TestContext.Current.SendDiagnosticMessage($"AuditBesideTests: the head's holder got the places after {waited.TotalMilliseconds:0} ms");
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await AssertStoredAsync([.. receipts, .. append.Receipts]);
        Assert.Equal([2L, 3, 4, 5, 6], append.Receipts.Select(r => r.Sequence!.Value));
    }

    [Fact]
    public async Task A_host_that_stands_still_once_its_rows_are_inserted_is_passed_and_loses_nothing()
    {
        var executor = _agent.Get<OwnConnectionExecutor>();
        var end = await executor.ReadAsync(AuditHead.GetAsync, Cancellation);
        var row = AuditRows.Prepare(new AuditEntry { RunId = "still" }, executor);
        var inserted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var passed = new CancellationTokenSource();
        var attempts = 0;
        var still = executor.TransactAsync(
            async (unit, ct) =>
            {
                if (++attempts == 1)
                {
                    await unit.Dialect.InsertAuditAsync(unit, [new AuditChainEnd(end.Sequence, end.Hash).Chain(row)], ct);
                    inserted.SetResult();
                    await Task.Delay(Timeout.Infinite, passed.Token).ContinueWith(_ => true, TaskScheduler.Default);
                }

                return true;
            },
            Cancellation);
        await inserted.Task;

        var started = Stopwatch.GetTimestamp();
        var receipt = await _other.Audit.LogAsync(new AuditEntry { RunId = "passing" }, Cancellation);
        var waited = Stopwatch.GetElapsedTime(started);
        await passed.CancelAsync();

        await still;
        Assert.Equal(2, attempts);
        Assert.InRange(waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        await AssertStoredAsync(receipt);
    }

    [Fact]
    public async Task Many_callers_of_several_hosts_and_their_transactions_lose_and_double_nothing()
    {
        var staged = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await using var transaction = await _other.Database.BeginTransactionAsync(Cancellation);
                await transaction.Audit.LogAsync(new AuditEntry { RunId = $"staged-{i}" }, Cancellation);
                await transaction.CommitAsync(Cancellation);
            }
        });
        var rounds = Enumerable.Range(0, 10).Select(round => Task.Run(async () =>
        {
            await Task.Delay(round * 20, Cancellation);
            return await Task.WhenAll(Log(_agent, $"own-{round}", Callers).Concat(round % 4 == 3 ? Log(_other, $"other-{round}", Callers) : []));
        }));

        var receipts = (await Task.WhenAll(rounds).WaitAsync(Patience, Cancellation)).SelectMany(r => r).ToArray();
        await staged;

        var log = await AssertStoredAsync(receipts);
        Assert.Equal(100, log.Rows.Count(r => r.RunId!.StartsWith("staged-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_many_calls_with_one_key_at_once_one_is_stored_and_all_have_its_receipt()
    {
        const int Keys = 50;
        var calls = Enumerable.Range(0, 10 * Callers).Select(i => (i % 3 == 0 ? _other : _agent).Audit.LogAsync(
            new AuditEntry { RunId = "keyed", IdempotencyKey = i % 2 == 0 ? $"key-{i % Keys}" : null }, Cancellation)).ToList();

        var receipts = await Task.WhenAll(calls).WaitAsync(Patience, Cancellation);

        var log = await StoredAuditLog.ReadIntactAsync(_database);
        Assert.Equal(Keys / 2, log.Rows.Count(r => r.IdempotencyKey is not null));
        Assert.All(receipts.Index(), r => Assert.Equal(r.Item.Id, log.Rows[(int)r.Item.Sequence!.Value - 1].Id));
        Assert.Equal(receipts.Count(r => !r.AlreadyLogged), log.Rows.Count(r => r.RunId == "keyed"));
        Assert.Equal(receipts.Length - (receipts.Length / 2) + (Keys / 2), receipts.Count(r => !r.AlreadyLogged));
    }

    [Fact]
    public async Task A_pool_of_one_connection_is_enough()
    {
        var one = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 1 };
        await using var agent = new Agent(DatabaseKind.PostgreSql, one.ConnectionString);
        await WarmAsync(agent);
        var receipts = new List<AuditReceipt>();

        // What comes in between makes one that is on its way give up its place.
        for (var round = 0; round < 5; round++)
        {
            var callers = Log(agent, $"own-{round}", Callers).ToList();
            receipts.Add(await _other.Audit.LogAsync(new AuditEntry { RunId = "other" }, Cancellation));
            receipts.AddRange(await Task.WhenAll(callers).WaitAsync(Patience, Cancellation));
        }

        await AssertStoredAsync([.. receipts]);
    }

    [Fact]
    public async Task Connections_that_break_at_any_moment_of_many_callers_lose_and_double_nothing()
    {
        await using var proxy = TcpCutProxy.Start(_database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        await WarmAsync(agent);
        var calls = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<AuditReceipt>();
            for (var i = 0; i < 20; i++)
            {
                mine.Add(await agent.Audit.LogAsync(new AuditEntry { RunId = $"own-{caller}-{i}" }, Cancellation));
            }

            return mine;
        })));

        while (!calls.IsCompleted)
        {
            await Task.WhenAny(calls, Task.Delay(Random.Shared.Next(10, 60), Cancellation));
            proxy.CutAll();
        }

        Assert.InRange(proxy.Cuts, 5, int.MaxValue);
        await AssertStoredAsync([.. (await calls).SelectMany(r => r)]);
    }

    // From here on the agent knows the head, and its commits may be beside each other.
    private static Task WarmAsync(Agent agent) => agent.Audit.LogAsync(new AuditEntry { RunId = "warm" }, Cancellation);

    private static IEnumerable<Task<AuditReceipt>> Log(Agent agent, string run, int calls) =>
        Enumerable.Range(0, calls).Select(_ => agent.Audit.LogAsync(new AuditEntry { RunId = run }, Cancellation));

    /// <summary>Until a commit that is not the first has inserted its rows and waits for the one before.</summary>
    private async Task WaitForRowsBesideAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while (await _database.ScalarAsync("""
            SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%unnest%' LIMIT 1
            """) is null)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private async Task<StoredAuditLog> AssertStoredAsync(params AuditReceipt[] receipts)
    {
        var log = await StoredAuditLog.ReadIntactAsync(_database);
        var others = log.Rows.Where(r => r.RunId != "warm" && !r.RunId!.StartsWith("staged-", StringComparison.Ordinal));
        Assert.Equal(
            receipts.Select(r => (r.Id, r.Sequence!.Value)).OrderBy(r => r.Value), others.Select(r => (r.Id, r.Sequence)));
        return log;
    }
}
