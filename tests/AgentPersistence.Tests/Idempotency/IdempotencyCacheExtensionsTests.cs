using AgentPersistence.Idempotency;
using Moq;

namespace AgentPersistence.Tests.Idempotency;

public class IdempotencyCacheExtensionsTests
{
    [Fact]
    public async Task An_operation_without_a_result_runs_through_the_cache()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var request = new IdempotencyRequest { Key = "k1" };
        var cache = new Mock<IIdempotencyCache>();
        cache.Setup(c => c.ExecuteAsync(request, It.IsAny<Func<CancellationToken, Task<object?>>>(), cancellation))
            .Returns((IdempotencyRequest _, Func<CancellationToken, Task<object?>> run, CancellationToken token) => run(token));
        var ran = 0;

        await cache.Object.ExecuteAsync(
            request,
            token =>
            {
                Assert.Equal(cancellation, token);
                ran++;
                return Task.CompletedTask;
            },
            cancellation);

        Assert.Equal(1, ran);
    }
}
