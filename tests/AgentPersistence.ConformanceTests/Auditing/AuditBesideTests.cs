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
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

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
    public async Task Who_holds_the_head_does_not_wait_for_those_who_hope_to_follow_each_other()
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
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
                var started = Stopwatch.GetTimestamp();
                await AuditChain.AppendAsync(unit, [append], ct);
                waited = Stopwatch.GetElapsedTime(started);
                return true;
            },
            Cancellation);

        var receipts = await Task.WhenAll(callers).WaitAsync(Patience, Cancellation);
        Assert.InRange(waited, TimeSpan.Zero, Bound);
        await AssertStoredAsync([.. receipts, .. append.Receipts]);
        Assert.Equal([2L, 3, 4, 5, 6], append.Receipts.Select(r => r.Sequence!.Value));
    }

    [Fact]
    public async Task Rows_that_are_inserted_give_their_places_to_who_holds_the_head()
    {
        var waited = TimeSpan.Zero;
        var log = Task.CompletedTask;
        AuditReceipt[] receipts = [];

        // What the agent does while a commit is on its way, up to the moment at which that has succeeded.
        await InsertAsync(3, async (unit, place) =>
        {
            var entries = Enumerable.Repeat(new AuditEntry { RunId = "other" }, 5).ToList();
            log = Task.Run(async () => receipts = [.. await _other.Audit.LogAsync(entries, Cancellation)]);
            await WaitForALockAsync();
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(0, await unit.Dialect.TryAdvanceAuditHeadAsync(unit, place.Behind, place.End, long.MaxValue, Cancellation));
            waited = Stopwatch.GetElapsedTime(started);
        });

        await log.WaitAsync(Patience, Cancellation);
        Assert.InRange(waited, TimeSpan.Zero, Bound);
        await AssertStoredAsync(receipts);
    }

    [Fact]
    public async Task A_host_that_stands_still_once_its_rows_are_inserted_is_passed()
    {
        var waited = TimeSpan.Zero;
        var receipts = Array.Empty<AuditReceipt>();

        var error = await Record.ExceptionAsync(() => InsertAsync(3, async (unit, place) =>
        {
            var started = Stopwatch.GetTimestamp();
            receipts = [await _other.Audit.LogAsync(new AuditEntry { RunId = "passing" }, Cancellation)];
            waited = Stopwatch.GetElapsedTime(started);
            await unit.Dialect.TryAdvanceAuditHeadAsync(unit, place.Behind, place.End, long.MaxValue, Cancellation);
        }));

        Assert.IsType<NpgsqlException>(error, exactMatch: false);
        Assert.InRange(waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        await AssertStoredAsync(receipts);
    }

    [Fact]
    public async Task A_commit_beside_another_whose_answer_is_lost_is_the_success_it_was()
    {
        await using var proxy = TcpCutProxy.Start(_database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        await WarmAsync(agent);

        // A commit that is one statement sends no COMMIT.
        var lost = proxy.LoseNextAnswerToCommit();
        var receipts = new List<AuditReceipt>();
        for (var round = 0; round < 100 && !lost.IsCompleted; round++)
        {
            receipts.AddRange(await Task.WhenAll(Log(agent, "own", Callers)).WaitAsync(Patience, Cancellation));
        }

        await lost.WaitAsync(Patience, Cancellation);
        await AssertStoredAsync([.. receipts]);
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
        }))).WaitAsync(Patience, Cancellation);

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

    /// <summary>Inserts rows of the agent's that are to follow what is there, and goes on in their transaction, which is not committed.</summary>
    private async Task InsertAsync(int rows, Func<UnitOfWork, AuditPlace, Task> goOn)
    {
        var executor = _agent.Get<OwnConnectionExecutor>();
        var head = await executor.ReadAsync(AuditHead.GetAsync, Cancellation);
        var append = new AuditAppend([.. Enumerable.Range(0, rows).Select(_ => AuditRows.Prepare(new AuditEntry { RunId = "lost" }, executor))]);
        var place = AuditPlace.At(new AuditChainEnd(head.Sequence, head.Hash), mayBeFollowed: true).Next([append])!;
        await using var unit = await executor.BeginAsync(Cancellation);
        await unit.Dialect.InsertAuditAsync(unit, place.Rows, Cancellation);
        await goOn(unit, place);
    }

    /// <summary>Until somebody waits for a lock.</summary>
    private async Task WaitForALockAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while (await _database.ScalarAsync(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1") is null)
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
