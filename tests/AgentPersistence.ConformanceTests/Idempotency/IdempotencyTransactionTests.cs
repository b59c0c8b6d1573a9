using System.Data.Common;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Claims and outcomes inside transactions, beside the rows of a host's own table.</summary>
public abstract class IdempotencyTransactionTests(TestDatabases databases) : IdempotencyTests(databases)
{
    // The least that the contract grants, with room for a busy machine, and for SQLite's longer wait for another process.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly List<DbConnection> _connections = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS host_effects (idempotency_key varchar(255))");
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_effect_and_its_completion_commit_together()
    {
        var request = NewRequest();
        var claim = await AcquireAsync(request);
        await using var host = await BeginHostAsync();

        await EffectAsync(host, request);
        await Agent.Database.Enlist(host).Idempotency.CompleteAsync(claim, One, Cancellation);
        await host.CommitAsync(Cancellation);

        Assert.Equal((1L, IdempotencyState.Completed), (await EffectsAsync(request), await StateAsync(request)));
        Assert.Equal("1", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task An_effect_and_its_completion_vanish_together()
    {
        var request = NewRequest();
        var claim = await AcquireAsync(request);
        await using (var host = await BeginHostAsync())
        {
            await EffectAsync(host, request);
            await Agent.Database.Enlist(host).Idempotency.CompleteAsync(claim, One, Cancellation);
            await host.RollbackAsync(Cancellation);
        }

        Assert.Equal((0L, IdempotencyState.InProgress), (await EffectsAsync(request), await StateAsync(request)));
        await Cache.CompleteAsync(claim, Two, Cancellation);
        Assert.Equal("2", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task A_whole_execution_inside_a_transaction_commits_or_vanishes_with_it()
    {
        var request = NewRequest();
        var runs = 0;
        async Task<int> RunAsync(bool commit)
        {
            await using var host = await BeginHostAsync();
            var result = await Agent.Database.Enlist(host).Idempotency.ExecuteAsync(
                request,
                async _ =>
                {
                    await EffectAsync(host, request);
                    return ++runs;
                },
                Cancellation);
            await (commit ? host.CommitAsync(Cancellation) : host.RollbackAsync(Cancellation));
            return result;
        }

        Assert.Equal(1, await RunAsync(commit: false));
        Assert.Null(await StateAsync(request));
        Assert.Equal(2, await RunAsync(commit: true));
        Assert.Equal(2, await RunAsync(commit: true));
        Assert.Equal((1L, IdempotencyState.Completed), (await EffectsAsync(request), await StateAsync(request)));
    }

    [Fact]
    public async Task An_operation_inside_a_transaction_has_its_connection_to_itself_and_may_outlast_its_lease()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(30) };
        await using var host = await BeginHostAsync();

        var isCancelled = await Agent.Database.Enlist(host).Idempotency.ExecuteAsync(
            request,
            async ct =>
            {
                await ExecuteAsync(host, Database.Kind == DatabaseKind.Sqlite ? "SELECT 1" : "SELECT pg_sleep(0.2)");
                await Task.Delay(5 * request.Lease.Value, CancellationToken.None);
                return ct.IsCancellationRequested;
            },
            Cancellation);
        await host.CommitAsync(Cancellation);

        Assert.Equal((false, IdempotencyState.Completed), (isCancelled, await StateAsync(request)));
    }

    [Fact]
    public async Task An_operation_that_throws_inside_a_transaction_leaves_it_usable()
    {
        var request = NewRequest();
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await Assert.ThrowsAsync<TimeoutException>(
                () => transaction.Idempotency.ExecuteAsync<int>(request, _ => throw new TimeoutException(), Cancellation));
            Assert.Equal("again", await transaction.Idempotency.ExecuteAsync(request, _ => Task.FromResult("again"), Cancellation));
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(2, (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.Epoch);
        Assert.Equal(IdempotencyState.Completed, await StateAsync(request));
    }

    [Fact]
    public async Task Refusals_leave_a_transaction_usable()
    {
        var (held, done, mine) = (NewRequest(), NewRequest(), NewRequest());
        await AcquireAsync(held);
        var settled = await AcquireAsync(done with { Fingerprint = "v1:a" });
        await Cache.CompleteAsync(settled, One, Cancellation);

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var cache = transaction.Idempotency;
            Assert.Equal(IdempotencyDisposition.InFlight, (await cache.BeginAsync(held, Cancellation)).Disposition);
            Assert.Equal(IdempotencyDisposition.Replay, (await cache.BeginAsync(done, Cancellation)).Disposition);
            Assert.Equal(IdempotencyDisposition.Mismatch, (await cache.BeginAsync(done with { Fingerprint = "v1:b" }, Cancellation)).Disposition);
            await Assert.ThrowsAsync<LeaseLostException>(() => cache.CompleteAsync(settled, Two, Cancellation));
            await Assert.ThrowsAsync<LeaseLostException>(() => cache.RenewAsync(settled, Cancellation));
            await cache.CompleteAsync(await AcquireAsync(cache, mine), One, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(IdempotencyState.Completed, await StateAsync(mine));
    }

    [Theory]
    [InlineData("Absent", false)]
    [InlineData("Absent", true)]
    [InlineData("Released", false)]
    [InlineData("Lapsed", true)]
    public async Task A_claim_inside_a_transaction_holds_others_up_no_longer_than_they_would_wait(string state, bool elsewhere)
    {
        var request = NewRequest();
        await ArriveAtAsync(request, state);
        await using var another = new Agent(Database);
        var others = elsewhere ? another.Idempotency : Cache;
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        var claim = await AcquireAsync(transaction.Idempotency, request);

        var (atOnce, shortest) = await TimedAsync(() => others.BeginAsync(request, Cancellation));
        var (later, longer) = await TimedAsync(() => others.BeginAsync(request with { WaitForOther = 10 * Shortest }, Cancellation));
        var (thrown, execution) = await TimedAsync(() => Assert.ThrowsAsync<IdempotencyInFlightException>(
            () => others.ExecuteAsync(request with { WaitForOther = 10 * Shortest }, _ => Task.FromResult(1), Cancellation)));

        Assert.Equal((IdempotencyDisposition.InFlight, IdempotencyDisposition.InFlight), (atOnce.Disposition, later.Disposition));
        Assert.Equal(request.Key, thrown.Key);
        Assert.InRange(shortest, Shortest, Shortest + Slack);
        Assert.InRange(longer, 10 * Shortest, 10 * Shortest + Slack);
        Assert.InRange(execution, 10 * Shortest, 10 * Shortest + Slack);
        await transaction.Idempotency.CompleteAsync(claim, One, Cancellation);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(IdempotencyDisposition.Replay, await DispositionAsync(request));
    }

    [Fact]
    public async Task A_transaction_that_is_about_another_key_is_not_taken_for_one_in_flight()
    {
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await AcquireAsync(transaction.Idempotency, NewRequest());

        var begin = AcquireAsync(NewRequest());
        await Task.Delay(10 * Shortest, Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(1, (await begin).Epoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_for_a_transaction_gets_its_result_or_runs_once_it_is_rolled_back(bool commit)
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(30) };
        await using var another = new Agent(Database);
        Task<string>[] waiting;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var claim = await AcquireAsync(transaction.Idempotency, request);
            waiting = [.. new[] { Cache, another.Idempotency }.Select(
                cache => Task.Run(() => cache.ExecuteAsync(request, _ => Task.FromResult("waiter's"), Cancellation)))];
            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);
            Assert.All(waiting, task => Assert.False(task.IsCompleted));
            await transaction.Idempotency.CompleteAsync(claim, Json("\"transaction's\""), Cancellation);
            if (commit)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(commit ? "transaction's" : "waiter's", result));
        Assert.Equal(1, (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.Epoch);
    }

    [Fact]
    public async Task A_claim_whose_transaction_was_rolled_back_never_was()
    {
        var request = NewRequest();
        IdempotencyClaim ghost;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            ghost = await AcquireAsync(transaction.Idempotency, request);
        }

        Assert.Null(await StateAsync(request));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(ghost, One, Cancellation));
        Assert.Equal(1, (await AcquireAsync(request)).Epoch);
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(ghost, One, Cancellation));
    }

    [Fact]
    public async Task A_lapsed_claim_that_is_being_completed_in_a_transaction_is_not_taken_over_meanwhile()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(1) };
        var claim = await AcquireAsync(request);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        await using var host = await BeginHostAsync();
        await EffectAsync(host, request);
        await Agent.Database.Enlist(host).Idempotency.CompleteAsync(claim, One, Cancellation);

        var (other, elapsed) = await TimedAsync(() => Cache.BeginAsync(request, Cancellation));
        await host.CommitAsync(Cancellation);

        Assert.Equal(IdempotencyDisposition.InFlight, other.Disposition);
        Assert.InRange(elapsed, Shortest, Shortest + Slack);
        Assert.Equal((IdempotencyDisposition.Replay, 1L), (await DispositionAsync(request), await EffectsAsync(request)));
    }

    private static async Task<(T Result, TimeSpan Elapsed)> TimedAsync<T>(Func<Task<T>> call)
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = await call();
        return (result, TimeProvider.System.GetElapsedTime(started));
    }

    private static Task EffectAsync(DbTransaction host, IdempotencyRequest request) =>
        ExecuteAsync(host, $"INSERT INTO host_effects VALUES ('{request.Key}')");

    private static async Task ExecuteAsync(DbTransaction host, string sql)
    {
        await using var command = host.Connection!.CreateCommand();
        command.Transaction = host;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<long> EffectsAsync(IdempotencyRequest request) =>
        (long)(await Database.ScalarAsync($"SELECT count(*) FROM host_effects WHERE idempotency_key = '{request.Key}'"))!;

    private async Task<DbTransaction> BeginHostAsync()
    {
        _connections.Add(await Database.OpenAsync());
        return await _connections[^1].BeginTransactionAsync(Cancellation);
    }

    private async Task ArriveAtAsync(IdempotencyRequest request, string state)
    {
        if (state != "Absent")
        {
            var claim = await AcquireAsync(request with { Lease = TimeSpan.FromMilliseconds(1) });
            await (state == "Released" ? Cache.ReleaseAsync(claim, Cancellation) : Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation));
        }
    }
}
