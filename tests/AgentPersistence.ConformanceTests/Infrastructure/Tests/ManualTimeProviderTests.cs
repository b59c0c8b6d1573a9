namespace AgentPersistence.ConformanceTests.Infrastructure.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        var start = clock.GetUtcNow();
        var timestamp = clock.GetTimestamp();

        clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(start.AddSeconds(90), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), clock.GetElapsedTime(timestamp));
    }

    [Fact]
    public void Timers_fire_in_their_order_at_their_time()
    {
        List<(string Name, double Second)> fired = [];
        var start = clock.GetUtcNow();
        void Fire(object? name) => fired.Add(((string)name!, (clock.GetUtcNow() - start).TotalSeconds));
        using var once = clock.CreateTimer(Fire, "once", TimeSpan.FromSeconds(25), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(Fire, "often", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        using var never = clock.CreateTimer(Fire, "never", Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(1));

        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal([("often", 10), ("often", 20), ("once", 25), ("often", 30)], fired);
    }

    [Fact]
    public void A_disposed_timer_does_not_fire()
    {
        var fired = 0;
        var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(2));

        timer.Dispose();
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(2, fired);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_delay_and_a_cancellation_wait_for_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock);
        using CancellationTokenSource timeout = new(TimeSpan.FromMinutes(2), clock);

        clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
        Assert.False(timeout.IsCancellationRequested);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public async Task Advances_from_many_threads_add_up()
    {
        var start = clock.GetUtcNow();
        var fired = 0;
        using var timer = clock.CreateTimer(
            _ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => clock.Advance(TimeSpan.FromSeconds(1)))));

        Assert.Equal(start.AddSeconds(200), clock.GetUtcNow());
        Assert.Equal(200, fired);
    }

    [Fact]
    public async Task A_timer_due_at_once_does_not_wait_for_the_clock()
    {
        TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = clock.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
