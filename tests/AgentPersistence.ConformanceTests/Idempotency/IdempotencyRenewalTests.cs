using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>An operation that lasts longer than its lease, and one that loses it.</summary>
public abstract class IdempotencyRenewalTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    // An operation that nobody cancels ends by itself, so that the test fails and does not hang.
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    // Past the library, as if the holder's process had been frozen for longer than its lease and another had asked meanwhile.
    private const string Lapse = "UPDATE agent_idempotency_cache SET lease_until = created_at WHERE idempotency_key = ";

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_the_operation_runs()
    {
        var request = NewRequest() with { Lease = Lease };
        var running = new TaskCompletionSource();
        var cancelled = false;

        var execution = Cache.ExecuteAsync(
            request,
            async ct =>
            {
                running.SetResult();
                await Task.Delay(2.5 * Lease, CancellationToken.None);
                cancelled = ct.IsCancellationRequested;
                return "done";
            },
            Cancellation);
        await running.Task;
        var others = new List<IdempotencyDisposition>();
        while (!execution.IsCompleted)
        {
            others.Add(await DispositionAsync(request));
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Equal(("done", false), (await execution, cancelled));
        Assert.True(others.Count > 5);
        Assert.All(others.SkipLast(1), other => Assert.Equal(IdempotencyDisposition.InFlight, other));
        Assert.Equal(1, (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.Epoch);
    }

    [Fact]
    public async Task Renewals_come_every_third_of_the_lease_by_the_hosts_clock()
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time);
        var request = NewRequest() with { Lease = TimeSpan.FromMinutes(1), TimeToLive = TimeSpan.FromMinutes(1) };
        var (running, end) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        var execution = agent.Idempotency.ExecuteAsync(
            request,
            _ =>
            {
                running.SetResult();
                return end.Task;
            },
            Cancellation);
        await running.Task;

        for (var third = 0; third < 9; third++)
        {
            // The timer is started by a loop of its own, which has to get there first.
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            time.Advance(TimeSpan.FromSeconds(20));
            var renewed = time.GetUtcNow() + TimeSpan.FromMinutes(2);
            await UntilAsync(
                async () => (await agent.Idempotency.FindAsync(request.Key, request.Scope, Cancellation))?.ExpiresAt == renewed);
        }

        end.SetResult(7);
        Assert.Equal(7, await execution);
    }

    [Fact]
    public async Task A_zombie_is_cancelled_stores_nothing_and_gets_the_winners_result()
    {
        var request = NewRequest() with { Lease = Lease };
        var zombie = await StartUntilCancelledAsync(request with { WaitForOther = TimeSpan.FromSeconds(30) });

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        var heir = await AcquireAsync(request with { Lease = null });
        await Task.Delay(Lease, Cancellation);
        Assert.False(zombie.IsCompleted);
        await Cache.CompleteAsync(heir, Json("\"heir's\""), Cancellation);

        Assert.Equal("heir's", await zombie);
        Assert.Equal((true, 2L), (heir.IsTakeover, (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.Epoch));
    }

    [Fact]
    public async Task A_zombie_gets_the_winners_failure()
    {
        var request = NewRequest() with { Lease = Lease };
        var zombie = await StartUntilCancelledAsync(request);

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        await Cache.FailAsync(await AcquireAsync(request), "heir's", Cancellation);

        Assert.Equal("heir's", (await Assert.ThrowsAsync<IdempotencyFailedException>(() => zombie)).Error);
    }

    [Fact]
    public async Task A_zombie_that_finds_no_outcome_in_time_has_lost_its_lease()
    {
        var request = NewRequest() with { Lease = Lease, WaitForOther = TimeSpan.FromMilliseconds(200) };
        var zombie = await StartUntilCancelledAsync(request);

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        var heir = await AcquireAsync(request with { Lease = null });

        var lost = await Assert.ThrowsAsync<LeaseLostException>(() => zombie);
        Assert.Equal(request.Key, lost.Key);
        Assert.NotEqual(heir.Token, lost.Token);
        await Cache.CompleteAsync(heir, One, Cancellation);
    }

    [Fact]
    public async Task A_zombie_that_nobody_follows_is_told_at_once()
    {
        var request = NewRequest() with { Lease = Lease, WaitForOther = 5 * LongEnough };
        var zombie = await StartUntilCancelledAsync(request);

        await Database.ExecuteAsync($"DELETE FROM agent_idempotency_cache WHERE idempotency_key = '{request.Key}'");

        await Assert.ThrowsAsync<LeaseLostException>(() => zombie.WaitAsync(LongEnough, Cancellation));
    }

    [Fact]
    public async Task A_callback_that_throws_when_the_claim_is_lost_hides_nothing()
    {
        var request = NewRequest() with { Lease = Lease };
        var (running, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        var zombie = Cache.ExecuteAsync(
            request,
            token =>
            {
                token.Register(() =>
                {
                    cancelled.SetException(new OperationCanceledException(token));
                    throw new InvalidOperationException("from the callback");
                });
                running.SetResult();
                return cancelled.Task;
            },
            Cancellation);
        await running.Task;

        await Database.ExecuteAsync($"DELETE FROM agent_idempotency_cache WHERE idempotency_key = '{request.Key}'");

        await Assert.ThrowsAsync<LeaseLostException>(() => zombie.WaitAsync(LongEnough, Cancellation));
    }

    [Fact]
    public async Task A_zombie_that_ignores_its_cancellation_stores_nothing_all_the_same()
    {
        var request = NewRequest() with { Lease = Lease };
        var (running, end) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        var zombie = Cache.ExecuteAsync(
            request,
            _ =>
            {
                running.SetResult();
                return end.Task;
            },
            Cancellation);
        await running.Task;

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        await Cache.CompleteAsync(await AcquireAsync(request), Json("\"heir's\""), Cancellation);
        end.SetResult("zombie's");

        Assert.Equal("heir's", await zombie);
        Assert.Equal("\"heir's\"", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task A_blocking_zombie_that_knows_its_result_settles_what_others_found_indeterminate()
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = Lease };
        var (running, end) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        var holder = Cache.ExecuteAsync(
            request,
            _ =>
            {
                running.SetResult();
                return end.Task;
            },
            Cancellation);
        await running.Task;

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        await Assert.ThrowsAsync<IdempotencyIndeterminateException>(
            () => Cache.ExecuteAsync(request, _ => Task.FromResult("again"), Cancellation));
        await Task.Delay(Lease, Cancellation);
        end.SetResult("late");

        Assert.Equal("late", await holder);
        Assert.Equal(IdempotencyState.Completed, await StateAsync(request));
    }

    [Fact]
    public async Task A_blocking_zombie_that_was_cancelled_leaves_it_indeterminate()
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = Lease };
        var zombie = await StartUntilCancelledAsync(request);

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        Assert.Equal(IdempotencyDisposition.Indeterminate, await DispositionAsync(request));

        await Assert.ThrowsAsync<IdempotencyIndeterminateException>(() => zombie);
        Assert.Equal(IdempotencyState.Indeterminate, await StateAsync(request));
    }

    [Fact]
    public async Task A_zombies_own_exception_reaches_its_caller()
    {
        var request = NewRequest() with { Lease = Lease };
        var running = new TaskCompletionSource();
        var zombie = Cache.ExecuteAsync<int>(
            request,
            async ct =>
            {
                running.SetResult();
                await Task.Delay(LongEnough, ct).ContinueWith(_ => { }, TaskScheduler.Default);
                throw new InvalidOperationException("mine");
            },
            Cancellation);
        await running.Task;

        await Database.ExecuteAsync($"{Lapse}'{request.Key}'");
        var heir = await AcquireAsync(request with { Lease = null });

        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => zombie)).Message);
        await Cache.CompleteAsync(heir, One, Cancellation);
    }

    [Fact]
    public async Task A_caller_without_a_context_to_flow_is_served_like_any_other()
    {
        Task<int> execution;
        using (ExecutionContext.SuppressFlow())
        {
            execution = Cache.ExecuteAsync(NewRequest() with { Lease = Lease }, _ => Task.FromResult(1), Cancellation);
        }

        Assert.Equal(1, await execution);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, LongEnough);
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);
        }
    }

    /// <summary>An execution that runs until it is cancelled.</summary>
    private async Task<Task<string>> StartUntilCancelledAsync(IdempotencyRequest request)
    {
        var running = new TaskCompletionSource();
        var execution = Cache.ExecuteAsync(
            request,
            async ct =>
            {
                running.SetResult();
                await Task.Delay(LongEnough, ct);
                return "zombie's";
            },
            Cancellation);
        await running.Task;
        return execution;
    }
}
