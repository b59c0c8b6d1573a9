using AgentPersistence.Internal.Leases;

namespace AgentPersistence.Tests.Internal.Leases;

public class LeasedOperationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_that_throws_when_the_claim_is_lost_ends_the_operation_and_not_the_process(bool isRefused)
    {
        var keeper = new LeaseKeeper(
            TimeSpan.FromMilliseconds(60),
            TimeProvider.System.GetTimestamp(),
            ct => isRefused ? throw new LeaseLostException("job", "1", Guid.Empty) : Task.Delay(Timeout.Infinite, ct),
            TimeProvider.System);

        var ended = await LeasedOperation.RunAsync(
            keeper,
            async ct =>
            {
                // The last registered is called first.
                var work = Task.Delay(TimeSpan.FromSeconds(30), ct);
                await using var throwing = ct.UnsafeRegister(_ => throw new InvalidOperationException("the host's own"), null);
                await work;
                return true;
            },
            TestContext.Current.CancellationToken);

        Assert.True(ended.IsLost);
        Assert.IsAssignableFrom<OperationCanceledException>(ended.Exception?.SourceException);
    }

    [Fact]
    public async Task A_claim_of_which_little_is_left_is_renewed_before_that_is_over()
    {
        // Enough that a machine which does much else is in time, and far less than a third of the lease.
        var (lease, left) = (TimeSpan.FromHours(1), TimeSpan.FromSeconds(6));
        var renewed = new TaskCompletionSource();
        var keeper = new LeaseKeeper(
            lease,
            TimeProvider.System.GetTimestamp() - (long)((lease - left).TotalSeconds * TimeProvider.System.TimestampFrequency),
            _ =>
            {
                renewed.TrySetResult();
                return Task.CompletedTask;
            },
            TimeProvider.System);

        var ended = await LeasedOperation.RunAsync(
            keeper,
            async ct =>
            {
                await renewed.Task.WaitAsync(TimeSpan.FromSeconds(30), ct);
                return true;
            },
            TestContext.Current.CancellationToken);

        Assert.True(ended.Result);
        Assert.Null(ended.Exception);
    }

    [Fact]
    public async Task An_operation_whose_claim_is_over_when_it_begins_is_told_so()
    {
        var keeper = new LeaseKeeper(
            TimeSpan.FromSeconds(1),
            TimeProvider.System.GetTimestamp() - (2 * TimeProvider.System.TimestampFrequency),
            ct => Task.Delay(Timeout.Infinite, ct),
            TimeProvider.System);

        var ended = await LeasedOperation.RunAsync(
            keeper,
            ct =>
            {
                ct.ThrowIfCancellationRequested();
                return Task.FromResult(true);
            },
            TestContext.Current.CancellationToken);

        Assert.True(ended.IsLost);
    }
}
