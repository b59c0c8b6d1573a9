using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

public sealed class OneAloneTests
{
    [Fact]
    public async Task One_works_alone_and_the_next_one_once_that_has_ended_however_it_ended()
    {
        var (alone, first) = (new OneAlone(), new TaskCompletionSource<int>());

        var working = alone.TryRunAsync(_ => first.Task, CancellationToken.None);
        Assert.NotNull(working);
        Assert.Null(alone.TryRunAsync(_ => Task.FromResult(2), CancellationToken.None));
        first.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => working);

        Assert.Equal(3, await alone.TryRunAsync(_ => Task.FromResult(3), CancellationToken.None)!);
        Assert.Equal(4, await alone.TryRunAsync(_ => Task.FromResult(4), CancellationToken.None)!);
    }
}
