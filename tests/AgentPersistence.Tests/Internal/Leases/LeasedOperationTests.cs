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
}
