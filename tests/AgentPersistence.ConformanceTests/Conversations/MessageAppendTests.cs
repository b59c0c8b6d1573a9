using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

public abstract class MessageAppendTests(TestDatabases databases) : ConversationTests(databases)
{
    [Fact]
    public async Task Thirty_two_writers_in_two_hosts_leave_no_gap_and_a_reader_misses_none()
    {
        const int writers = 32, each = 25;
        await using var other = new Agent(Database);
        var thread = await NewThreadAsync();

        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < each; i++)
                {
                    var store = (writer % 2 == 0 ? Agent : other).Conversations;
                    var stored = await store.AppendAsync(thread, Said($"{writer}/{i}"), Cancellation);
                    Assert.Equal($"{writer}/{i}", stored.Text);
                }
            },
            Cancellation)));
        var read = new List<ChatMessage>();
        while (read.Count < writers * each)
        {
            read.AddRange(await Conversations.ReadMessagesAsync(thread, read.LastOrDefault()?.Sequence ?? 0, 50, Cancellation));
            Assert.Equal(read.Count, read.LastOrDefault()?.Sequence ?? 0);
            if (writing.IsFaulted)
            {
                await writing;
            }
        }

        await writing;
        Assert.Equal(writers * each, (await TextsAsync(thread)).Distinct().Count());
        Assert.Equal(read, await Conversations.ReadMessagesAsync(thread, 0, 10_000, Cancellation));
        foreach (var mine in read.GroupBy(m => m.Text!.Split('/')[0]))
        {
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"{mine.Key}/{i}"), mine.Select(m => m.Text));
        }
    }

    [Fact]
    public async Task Appends_to_many_threads_share_commits_and_each_thread_has_its_own_numbers()
    {
        await using var other = new Agent(Database);
        var threads = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => NewThreadAsync()));

        var stored = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => (i % 3 == 0 ? other : Agent).Conversations.AppendAsync(
            threads[i % 10], Said($"{i}", i % 2 == 0 ? $"p{i}" : null), Cancellation)));

        foreach (var (index, thread) in threads.Index())
        {
            Assert.Equal(30, (await TextsAsync(thread)).Count);
            var mine = stored.Where(m => m.ThreadId == thread).ToList();
            Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), mine.Select(m => m.Sequence).Order());
            Assert.All(mine, m => Assert.EndsWith($"{index}", m.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Appending_a_platform_id_again_returns_the_stored_message()
    {
        var thread = await NewThreadAsync();
        var message = Said("hello", "42") with { AuthorUserId = "u", RawPayload = Json("""{"a":1}""") };
        var first = await Conversations.AppendAsync(thread, message, Cancellation);
        await Conversations.AppendAsync(thread, Said("between"), Cancellation);

        var second = await Conversations.AppendAsync(thread, message, Cancellation);

        Assert.Equal(first with { AlreadyStored = true }, second);
        Assert.Equal(["hello", "between"], await TextsAsync(thread));
        var elsewhere = await Conversations.AppendAsync(await NewThreadAsync(), message, Cancellation);
        Assert.Equal((1L, false), (elsewhere.Sequence, elsewhere.AlreadyStored));
    }

    [Fact]
    public async Task A_platform_id_with_another_content_is_refused_and_the_first_message_stays()
    {
        var thread = await NewThreadAsync();
        var message = Said("hello", "42") with { AuthorUserId = "u", RawPayload = Json("""{"a":1}""") };
        var first = await Conversations.AppendAsync(thread, message, Cancellation);

        foreach (var changed in new[]
        {
            message with { Text = "bye" }, message with { Text = null }, message with { Role = MessageRole.Tool },
            message with { AuthorUserId = "v" }, message with { RawPayload = Json("""{"a": 1}""") }, message with { RawPayload = null },
        })
        {
            var refused = await Assert.ThrowsAsync<MessageConflictException>(
                () => Conversations.AppendAsync(thread, changed, Cancellation));
            Assert.Equal((thread, "42"), (refused.ThreadId, refused.PlatformMessageId));
        }

        Assert.Equal(first, Assert.Single(await Conversations.ReadMessagesAsync(thread, cancellationToken: Cancellation)));
        Assert.Equal(2, (await Conversations.AppendAsync(thread, Said("next"), Cancellation)).Sequence);
    }

    [Fact]
    public async Task Of_many_racing_appends_of_one_platform_id_one_is_stored_and_its_neighbours_are_untouched()
    {
        await using var other = new Agent(Database);
        var thread = await NewThreadAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            () => (i % 4 < 2 ? Agent : other).Conversations.AppendAsync(
                thread, i % 2 == 0 ? Said("same", "42") : Said($"{i}"), Cancellation),
            Cancellation)));

        Assert.Equal(49, stored.Count(m => m.AlreadyStored));
        Assert.Single(stored.Where((_, i) => i % 2 == 0).Select(m => m with { AlreadyStored = false }).Distinct());
        Assert.Equal(51, (await TextsAsync(thread)).Count);
    }

    [Fact]
    public async Task One_bad_append_among_many_fails_alone()
    {
        var (thread, nowhere) = (await NewThreadAsync(), Guid.CreateVersion7());
        await Conversations.AppendAsync(thread, Said("first", "42"), Cancellation);

        var appends = Enumerable.Range(0, 60).Select(i => (i % 3) switch
        {
            0 => Conversations.AppendAsync(thread, Said("other", "42"), Cancellation),
            1 => Conversations.AppendAsync(nowhere, Said("lost"), Cancellation),
            _ => Conversations.AppendAsync(thread, Said($"{i}"), Cancellation),
        }).ToList();
        await Task.WhenAny(Task.WhenAll(appends), Task.Delay(Timeout.Infinite, Cancellation));

        Assert.Equal(20, appends.Count(a => a.Exception?.InnerException is MessageConflictException));
        Assert.Equal(20, appends.Count(a => a.Exception?.InnerException is ChatThreadNotFoundException));
        Assert.Equal(20, appends.Count(a => a.IsCompletedSuccessfully));
        Assert.Equal(21, (await TextsAsync(thread)).Count);
    }

    [Fact]
    public async Task Many_messages_are_appended_together_with_consecutive_sequences_in_their_order()
    {
        var thread = await NewThreadAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Conversations.AppendAsync(
            thread, [.. Enumerable.Range(0, 5).Select(j => Said($"{i}/{j}"))], Cancellation)));

        foreach (var (i, messages) in stored.Index())
        {
            Assert.Equal(
                Enumerable.Range(0, 5).Select(j => ($"{i}/{j}", messages[0].Sequence + j)), messages.Select(m => (m.Text!, m.Sequence)));
        }

        Assert.Equal(100, (await TextsAsync(thread)).Count);
        Assert.Empty(await Conversations.AppendAsync(thread, [], Cancellation));
    }

    [Fact]
    public async Task Of_many_messages_with_one_conflict_none_is_appended()
    {
        var thread = await NewThreadAsync();
        await Conversations.AppendAsync(thread, Said("first", "42"), Cancellation);

        await Assert.ThrowsAsync<MessageConflictException>(
            () => Conversations.AppendAsync(thread, [Said("a", "41"), Said("b", "42"), Said("c", "43")], Cancellation));
        await Assert.ThrowsAsync<MessageConflictException>(
            () => Conversations.AppendAsync(thread, [Said("a", "41"), Said("b", "41")], Cancellation));

        Assert.Equal(["first"], await TextsAsync(thread));
        Assert.Null(await Conversations.FindMessageAsync(thread, "41", Cancellation));
    }

    [Fact]
    public async Task Of_many_messages_those_that_are_stored_already_or_given_twice_take_no_sequence()
    {
        var thread = await NewThreadAsync();
        var first = await Conversations.AppendAsync(thread, Said("first", "1"), Cancellation);

        var stored = await Conversations.AppendAsync(
            thread, [Said("second", "2"), Said("first", "1"), Said("second", "2"), Said("third")], Cancellation);

        Assert.Equal([2, 1, 2, 3], stored.Select(m => m.Sequence));
        Assert.Equal([false, true, true, false], stored.Select(m => m.AlreadyStored));
        Assert.Equal(first.Id, stored[1].Id);
        Assert.Equal(["first", "second", "third"], await TextsAsync(thread));
    }

    [Fact]
    public async Task More_messages_than_one_commit_holds_are_still_all_or_none()
    {
        var thread = await NewThreadAsync();

        var stored = await Conversations.AppendAsync(
            thread, [.. Enumerable.Range(0, 2_500).Select(i => Said($"{i}", $"{i}"))], Cancellation);
        await Assert.ThrowsAsync<MessageConflictException>(() => Conversations.AppendAsync(
            thread, [.. Enumerable.Range(0, 2_500).Select(i => Said($"again {i}", i == 2_499 ? "7" : null))], Cancellation));

        Assert.Equal(Enumerable.Range(1, 2_500).Select(i => (long)i), stored.Select(m => m.Sequence));
        Assert.Equal(2_500, (await Conversations.FindThreadAsync(thread, Cancellation))!.HeadSequence);
        Assert.Equal(2_500, (await Conversations.ReadMessagesAsync(thread, 0, 10_000, Cancellation)).Count);
    }

    [Fact]
    public async Task Appends_to_a_thread_that_is_deleted_meanwhile_are_stored_before_or_refused()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await using var other = new Agent(database);
        for (var round = 0; round < 5; round++)
        {
            var thread = (await agent.Conversations.GetOrCreateThreadAsync("test", $"{round}", Cancellation)).Id;
            var appends = Enumerable.Range(0, 40).Select(i => Task.Run(
                () => (i % 2 == 0 ? agent : other).Conversations.AppendAsync(thread, Said($"{i}"), Cancellation), Cancellation)).ToList();
            await agent.Conversations.DeleteThreadAsync(thread, Cancellation);
            await Task.WhenAny(Task.WhenAll(appends), Task.Delay(Timeout.Infinite, Cancellation));

            Assert.All(
                appends,
                a => Assert.True(a.Exception?.InnerException is null or ChatThreadNotFoundException, $"{a.Exception}"));
        }

        Assert.Equal(0, await database.CountAsync("agent_chat_messages"));
    }

    [Fact]
    public async Task A_message_cancelled_before_its_commit_is_withdrawn()
    {
        var thread = await NewThreadAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Conversations.AppendAsync(thread, Said("x"), cancelled.Token));

        Assert.Empty(await TextsAsync(thread));
    }

    [Fact]
    public async Task Disposing_commits_what_waits_and_refuses_what_comes_later()
    {
        var thread = await NewThreadAsync();
        var agent = new Agent(Database);
        var store = agent.Conversations;

        var appends = Enumerable.Range(0, 200).Select(i => store.AppendAsync(thread, Said($"{i}"), Cancellation)).ToList();
        await agent.DisposeAsync();
        await Task.WhenAll(appends);

        Assert.Equal(200, (await TextsAsync(thread)).Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAsync(thread, Said("late"), Cancellation));
    }
}
