using System.Diagnostics;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.ConformanceTests.GroupCommit;

/// <summary>What only a database behind a network, with concurrent writers, can meet: a held key, and a lost answer.</summary>
public abstract class HeldRowTests(TestDatabases databases) : RowTests(databases)
{
    /// <summary>Far less than a held key would hold a call up, and far more than a busy machine does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_open_transaction_that_holds_a_key_holds_up_nobody_else()
    {
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Conversations.AppendAsync(
            Thread, new NewMessage { Role = MessageRole.User, Text = "held", PlatformMessageId = "k" }, Cancellation);

        var waiting = new List<Task<RowAppend<ChatMessageEntity>>>();
        var took = new List<TimeSpan>();
        for (var i = 0; i < 100; i++)
        {
            waiting.Add(AppendAsync(Rows, Row("held", "k"), Row($"with it {i}")));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 5).Select(j => AppendAsync(Rows, Row($"free {i}", j == 0 ? null : $"{i} {j}"))));
            took.Add(Stopwatch.GetElapsedTime(started));
        }

        took.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Appends took {took[50].TotalMilliseconds:0.0} ms (median), {took[90].TotalMilliseconds:0.0} (p90), "
            + $"{took[99].TotalMilliseconds:0.0} (slowest).");
        Assert.True(took[50] < TimeSpan.FromMilliseconds(100) && took[90] < TimeSpan.FromMilliseconds(300), $"{took[50]}, {took[90]}");
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        await transaction.CommitAsync(Cancellation);
        var appends = await Task.WhenAll(waiting).WaitAsync(Patience, Cancellation);
        Assert.Single(appends.Select(a => a.Stored[0].Id).Distinct());
        Assert.Equal(1 + 100 + 500, (await TextsAsync()).Count);
    }

    [Fact]
    public async Task A_parent_that_a_transaction_deletes_is_waited_for_and_is_then_missing()
    {
        var gone = await NewThreadAsync();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Conversations.DeleteThreadAsync(gone, Cancellation);

        var waiting = new List<Task<RowAppend<ChatMessageEntity>>> { AppendAsync(Rows, Row("late", null, gone)) };
        await AppendAsync(Rows, Row("free")).WaitAsync(Patience, Cancellation);
        await Task.Delay(600, Cancellation);
        var took = new List<TimeSpan>();
        for (var i = 0; i < 40; i++)
        {
            waiting.Add(AppendAsync(Rows, Row("late", null, gone)));
            var started = Stopwatch.GetTimestamp();
            Assert.Null((await AppendAsync(Rows, Row("free"))).Refusal);
            took.Add(Stopwatch.GetElapsedTime(started));
        }

        took.Sort();
        Assert.True(took[20] < TimeSpan.FromMilliseconds(200), $"Rows of another parent took {took[20]} (median).");
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        await transaction.CommitAsync(Cancellation);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience, Cancellation), a => Assert.IsType<ChatThreadNotFoundException>(a.Refusal));
        Assert.Equal(41, (await TextsAsync()).Count);
    }

    [Fact]
    public async Task An_open_transaction_that_deletes_a_parent_holds_up_nobody_else()
    {
        var gone = await NewThreadAsync();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Conversations.DeleteThreadAsync(gone, Cancellation);

        var waiting = new List<Task<RowAppend<ChatMessageEntity>>>();
        var took = new List<TimeSpan>();
        for (var i = 0; i < 60; i++)
        {
            waiting.Add(AppendAsync(Rows, Row($"late {i}", null, gone)));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(j => AppendAsync(Rows, Row($"free {i} {j}"))));
            took.Add(Stopwatch.GetElapsedTime(started));
        }

        took.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Appends took {took[30].TotalMilliseconds:0.0} ms (median), {took[59].TotalMilliseconds:0.0} (slowest).");
        Assert.True(took[30] < TimeSpan.FromMilliseconds(100), $"{took[30]}");
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        await transaction.CommitAsync(Cancellation);
        var appends = await Task.WhenAll(waiting).WaitAsync(Patience, Cancellation);
        Assert.All(appends, a => Assert.IsType<ChatThreadNotFoundException>(a.Refusal));
    }

    [Fact]
    public async Task A_row_that_waits_can_be_withdrawn_and_one_that_waits_too_long_is_refused()
    {
        await using var impatient = new Agent(Database, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await using var rows = Appender(impatient);
        using var cancellation = new CancellationTokenSource();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Conversations.AppendAsync(
            Thread, new NewMessage { Role = MessageRole.User, Text = "held", PlatformMessageId = "k" }, Cancellation);

        var withdrawn = Rows.AppendAsync(new([Row("withdrawn", "k")]), cancellation.Token);
        var late = AppendAsync(rows, Row("late", "k"));
        await Task.Delay(400, Cancellation);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn.WaitAsync(Patience, Cancellation));
        var refused = await Assert.ThrowsAsync<AgentPersistenceException>(() => late.WaitAsync(Patience, Cancellation));
        Assert.Contains("nothing was stored", refused.Message, StringComparison.Ordinal);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(["held"], await TextsAsync());
    }

    [Fact]
    public async Task A_row_that_waits_for_a_locked_table_can_be_withdrawn_too()
    {
        await AppendAsync(Rows, Row("before"));
        using var cancellation = new CancellationTokenSource();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await using var command = transaction.DbTransaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction.DbTransaction, "LOCK TABLE agent_chat_messages IN SHARE MODE");
        await command.ExecuteNonQueryAsync(Cancellation);

        var withdrawn = Rows.AppendAsync(new([Row("withdrawn")]), cancellation.Token);
        var waiting = AppendAsync(Rows, Row("waiting"));
        await Task.Delay(400, Cancellation);
        Assert.False(withdrawn.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn.WaitAsync(Patience, Cancellation));
        await transaction.CommitAsync(Cancellation);
        await waiting.WaitAsync(Patience, Cancellation);
        Assert.Equal(["before", "waiting"], await TextsAsync());
    }

    [Fact]
    public async Task Processes_that_append_the_same_keys_in_any_order_never_wait_for_each_other_in_a_circle()
    {
        await using var other = Appender(Agent);
        for (var i = 0; i < 20; i++)
        {
            var keys = Enumerable.Range(0, 500).Select(j => $"{i} {j}").ToArray();
            var started = Stopwatch.GetTimestamp();
            var (a, b) = (AppendAsync(Rows, [.. keys.Select(k => Row(k, k))]), AppendAsync(other, [.. keys.Reverse().Select(k => Row(k, k))]));
            await Task.WhenAll(a, b);

            Assert.Equal((await a).Stored.Select(r => r.Id), (await b).Stored.Select(r => r.Id).Reverse());
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience);
        }
    }

    [Fact]
    public async Task A_lost_answer_is_the_success_it_was_and_stores_nothing_twice()
    {
        await using var rows = Appender(BehindProxy);
        var (one, many) = (Row("ghost one", "k"), new[] { Row("a", "l"), Row("b") });

        var lost = Proxy.LoseNextAnswerTo("ghost one");
        var stored = await AppendAsync(rows, one);
        await lost;
        lost = Proxy.LoseNextAnswerToCommit();
        var allStored = await AppendAsync(rows, many);
        await lost;

        Assert.Equal([one], stored.Stored);
        Assert.True(stored.MayBeStored);
        Assert.Equal(many, allStored.Stored);
        Assert.Equal(["a", "b", "ghost one"], await TextsAsync());
    }

    [Fact]
    public async Task Rows_that_an_earlier_attempt_may_have_stored_are_in_doubt_while_the_database_cannot_be_asked()
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var cut = new Agent(Database.Kind, proxy.ConnectionString, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await using var rows = Appender(cut);
        var (known, mayBeStored) = (new RowAppend<ChatMessageEntity>([Row("a")]), new RowAppend<ChatMessageEntity>([Row("b")]));
        mayBeStored.Begin(isRepeat: true);
        await proxy.DisposeAsync();

        var refused = await Assert.ThrowsAsync<AgentPersistenceException>(() => rows.AppendAsync(known, Cancellation));
        await Assert.ThrowsAsync<WriteInDoubtException>(() => rows.AppendAsync(mayBeStored, Cancellation));

        Assert.Contains("nothing was stored", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_alone_pays_one_round_trip()
    {
        await using var rows = Appender(BehindProxy);
        var requests = 0;
        await AppendAsync(rows, Row("warm"));
        _ = Proxy.LoseNextAnswer(_ =>
        {
            requests++;
            return false;
        });

        await AppendAsync(rows, Row("x", "k"));

        Assert.Equal(1, requests);
    }
}
