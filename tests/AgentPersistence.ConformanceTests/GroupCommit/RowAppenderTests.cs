using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Providers;

namespace AgentPersistence.ConformanceTests.GroupCommit;

/// <summary>Rows of concurrent callers in shared commits: each caller learns what became of its own, and none harms another.</summary>
public abstract class RowAppenderTests(TestDatabases databases) : RowTests(databases)
{
    [Fact]
    public async Task Rows_of_concurrent_callers_are_all_stored()
    {
        var appends = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i => AppendAsync(
            Rows, i % 3 == 0 ? [Row($"{i:0000} a"), Row($"{i:0000} b", NewId("key"))] : [Row($"{i:0000} a", i % 2 == 0 ? NewId("key") : null)])));

        Assert.All(appends, a => Assert.True(a.Refusal is null && a.Stored.SequenceEqual(a.Rows)));
        Assert.Equal(appends.SelectMany(a => a.Rows).Select(r => r.Text!).Order(StringComparer.Ordinal), await TextsAsync());
    }

    [Fact]
    public async Task A_key_that_is_stored_gives_its_row_and_one_with_another_content_is_refused()
    {
        var first = Assert.Single((await AppendAsync(Rows, Row("x", "k"))).Stored);

        var (same, other, another) = (AppendAsync(Rows, Row("x", "k")), AppendAsync(Rows, Row("y", "k")), AppendAsync(Rows, Row("z", "l")));

        Assert.Equal(first.Id, Assert.Single((await same).Stored).Id);
        Assert.IsType<MessageConflictException>((await other).Refusal);
        Assert.Null((await another).Refusal);
        Assert.Equal(["x", "z"], await TextsAsync());
    }

    [Fact]
    public async Task One_key_given_by_many_callers_at_once_is_stored_once()
    {
        await using var other = Appender(Agent);
        var appends = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => AppendAsync(
            i % 2 == 0 ? Rows : other, [.. Enumerable.Range(0, 1 + (i % 3)).Select(j => Row($"{(i + j) % 20}", $"k{(i + j) % 20}"))])));

        Assert.All(appends, a => Assert.Null(a.Refusal));
        Assert.Equal(20, appends.SelectMany(a => a.Stored).DistinctBy(r => r.Id).Count());
        Assert.Equal(20, (await TextsAsync()).Count);
    }

    [Fact]
    public async Task Many_rows_of_one_caller_are_stored_all_or_none_and_who_repeated_one_that_goes_is_stored()
    {
        await AppendAsync(Rows, Row("x", "taken"));
        for (var i = 0; i < 20; i++)
        {
            var texts = (await TextsAsync()).Count;
            var half = AppendAsync(Rows, Row("1", $"a{i}"), Row("2"), Row("not x", "taken"), Row("3", $"b{i}"));
            var repeated = AppendAsync(Rows, Row("1", $"a{i}"));
            var whole = AppendAsync(Rows, Row("3", $"b{i}"), Row("x", "taken"));

            Assert.IsType<MessageConflictException>((await half).Refusal);
            Assert.Null((await repeated).Refusal);
            Assert.Equal(["3", "x"], (await whole).Stored.Select(r => r.Text!));
            Assert.Equal(texts + 2, (await TextsAsync()).Count);
        }
    }

    [Fact]
    public async Task One_key_given_twice_by_one_caller_is_one_row_or_refuses_all()
    {
        var same = await AppendAsync(Rows, Row("x", "k"), Row("x", "k"));
        var different = await AppendAsync(Rows, Row("1"), Row("y", "l"), Row("z", "l"));

        Assert.Equal(same.Stored[0].Id, same.Stored[1].Id);
        Assert.IsType<MessageConflictException>(different.Refusal);
        Assert.Equal(["x"], await TextsAsync());
    }

    [Fact]
    public async Task A_row_whose_parent_is_not_there_fails_alone()
    {
        var nowhere = Guid.CreateVersion7();
        var appends = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => i % 10 == 0
            ? AppendAsync(Rows, Row("lost", i % 20 == 0 ? $"k{i}" : null, nowhere), Row("with it"))
            : AppendAsync(Rows, Row("stored", i % 3 == 0 ? $"k{i}" : null))));

        Assert.All(appends.Index(), a => Assert.Equal(a.Index % 10 == 0, a.Item.Refusal is ChatThreadNotFoundException));
        Assert.Equal(Enumerable.Repeat("stored", 90), await TextsAsync());
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_fails_alone()
    {
        var appends = Enumerable.Range(0, 50).Select(i => (i, Task: AppendAsync(Rows, i == 7 ? Broken() : Row($"{i}")))).ToList();

        foreach (var (i, append) in appends)
        {
            if (i == 7)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => append);
            }
            else
            {
                Assert.Null((await append).Refusal);
            }
        }

        Assert.Equal(49, (await TextsAsync()).Count);
    }

    [Fact]
    public async Task The_same_rows_sent_again_are_the_same_rows()
    {
        var rows = new[] { Row("a"), Row("b", "k") };
        await AppendAsync(Rows, rows);

        var again = await AppendAsync(Rows, rows);

        Assert.Equal(rows, again.Stored);
        Assert.Equal(["a", "b"], await TextsAsync());
    }

    [Fact]
    public async Task A_withdrawn_row_is_not_stored()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rows.AppendAsync(new([Row("x")]), cancellation.Token));

        Assert.Empty(await TextsAsync());
    }

    [Fact]
    public async Task In_a_transaction_rows_come_and_go_with_it_and_a_refusal_leaves_it_usable()
    {
        await AppendAsync(Rows, Row("x", "taken"));
        foreach (var commits in new[] { false, true })
        {
            await using var unit = await Agent.Get<OwnConnectionExecutor>().BeginAsync(Cancellation);
            var executor = new TransactionExecutor(
                Agent.Get<DatabaseConnections>(), new AgentPersistenceOptions(), TimeProvider.System, unit.Transaction!);
            var inside = Appender(executor);

            var stored = await AppendAsync(inside, Row("1"), Row("2", "k"), Row("x", "taken"));
            var conflict = await AppendAsync(inside, Row("3", "l"), Row("y", "taken"));
            var lost = await AppendAsync(inside, Row("4", "m"), Row("5", null, Guid.CreateVersion7()));
            var last = await AppendAsync(inside, Row("6", "m"));
            await (commits ? executor.CommitAsync(unit, Cancellation) : executor.EndAsync(unit));

            Assert.All(new[] { stored, last }, a => Assert.Null(a.Refusal));
            Assert.IsType<MessageConflictException>(conflict.Refusal);
            Assert.IsType<ChatThreadNotFoundException>(lost.Refusal);
            Assert.Equal(commits ? ["1", "2", "6", "x"] : ["x"], await TextsAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_in_a_hosts_transaction_leaves_all_of_an_append_or_nothing(bool whileSending)
    {
        await AppendAsync(Rows, Row("x", "taken"));
        using var cancellation = new CancellationTokenSource();
        void Cancel(ChatMessageEntity row)
        {
            if (row.Text == "2")
            {
                cancellation.Cancel();
            }
        }

        await using (var unit = await Agent.Get<OwnConnectionExecutor>().BeginAsync(Cancellation))
        {
            var executor = new TransactionExecutor(
                Agent.Get<DatabaseConnections>(), new AgentPersistenceOptions(), TimeProvider.System, unit.Transaction!);
            var inside = new TransactionRowAppender<ChatMessageEntity>(
                executor, whileSending ? Watched(Cancel, _ => { }) : Watched(_ => { }, Cancel));
            await Record.ExceptionAsync(
                () => inside.AppendAsync(new([Row("1", "a"), Row("2", "b"), Row("not x", "taken")]), cancellation.Token));

            // The host's own commit, which the library cannot refuse.
            await unit.CommitAsync(Cancellation);
        }

        Assert.True(cancellation.IsCancellationRequested);
        Assert.Equal(["x"], await TextsAsync());
    }

    [Fact]
    public async Task Disposing_stores_what_is_on_its_way_and_refuses_what_comes_later()
    {
        var rows = Appender(Agent);
        var appends = Enumerable.Range(0, 2_500).Select(i => AppendAsync(rows, Row($"{i}"))).ToList();

        await rows.DisposeAsync();

        await Task.WhenAll(appends);
        Assert.Equal(2_500, (await TextsAsync()).Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AppendAsync(rows, Row("late")));
    }

    private ChatMessageEntity Broken()
    {
        var row = Row("x");
        return new() { Id = row.Id, ThreadId = row.ThreadId, Sequence = row.Sequence, Role = null!, ContentHash = [] };
    }
}
