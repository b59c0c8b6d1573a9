using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

public sealed class CommitAdmissionTests
{
    private const long Half = CommitAdmission.MaxBytes / 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CommitAdmission _admission = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task So_many_items_and_no_more_are_let_in()
    {
        for (var i = 0; i < CommitAdmission.MaxItems; i++)
        {
            Assert.True(Enter(1).IsCompletedSuccessfully);
        }

        var next = Enter(1);
        Assert.False(next.IsCompleted);
        _admission.Leave(1);
        await next.WaitAsync(Patience, Cancellation);
        Assert.False(Enter(1).IsCompleted);
    }

    [Fact]
    public async Task So_many_bytes_and_no_more_are_let_in()
    {
        Assert.True(Enter(Half).IsCompletedSuccessfully);
        Assert.True(Enter(Half).IsCompletedSuccessfully);

        var next = Enter(1);
        Assert.False(next.IsCompleted);
        _admission.Leave(Half);
        await next.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task An_item_larger_than_all_room_enters_once_it_is_alone()
    {
        Assert.True(Enter(1).IsCompletedSuccessfully);
        var large = Enter(10 * CommitAdmission.MaxBytes);
        Assert.False(large.IsCompleted);

        _admission.Leave(1);

        await large.WaitAsync(Patience, Cancellation);
        Assert.False(Enter(1).IsCompleted);
    }

    [Fact]
    public async Task A_large_item_is_not_passed_by_small_ones()
    {
        Assert.True(Enter(Half).IsCompletedSuccessfully);
        var large = Enter(CommitAdmission.MaxBytes);
        var small = Enter(1);

        Assert.False(large.IsCompleted);
        Assert.False(small.IsCompleted);
        _admission.Leave(Half);
        await large.WaitAsync(Patience, Cancellation);
        Assert.False(small.IsCompleted);
        _admission.Leave(CommitAdmission.MaxBytes);
        await small.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task One_who_gives_up_lets_those_behind_pass()
    {
        using var impatient = new CancellationTokenSource();
        Assert.True(Enter(Half).IsCompletedSuccessfully);
        var large = _admission.EnterAsync(CommitAdmission.MaxBytes, impatient.Token);
        var small = Enter(1);
        Assert.False(small.IsCompleted);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task Nobody_is_forgotten_and_no_room_is_lost_when_many_come_go_and_give_up_at_once()
    {
        var inside = 0L;
        await Task.WhenAll(Enumerable.Range(0, 400).Select(caller => Task.Run(async () =>
        {
            var bytes = Half / (1 + (caller % 5));
            for (var i = 0; i < 100; i++)
            {
                using var impatient = new CancellationTokenSource();
                var entering = _admission.EnterAsync(bytes, impatient.Token);
                if (i % 3 == 0)
                {
                    await impatient.CancelAsync();
                }

                try
                {
                    await entering.WaitAsync(Patience, Cancellation);
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                Assert.InRange(Interlocked.Add(ref inside, bytes), 0, CommitAdmission.MaxBytes);
                await Task.Yield();
                Interlocked.Add(ref inside, -bytes);
                _admission.Leave(bytes);
            }
        })));

        Assert.True(Enter(CommitAdmission.MaxBytes).IsCompletedSuccessfully);
    }

    private Task Enter(long bytes) => _admission.EnterAsync(bytes, Cancellation);
}
