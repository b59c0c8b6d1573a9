using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

public abstract class ConversationStoreTests(TestDatabases databases) : ConversationTests(databases)
{
    [Fact]
    public async Task The_thread_of_a_chat_is_created_once_and_found_again()
    {
        var chat = NewId("chat");

        var created = await Conversations.GetOrCreateThreadAsync("telegram", chat, Cancellation);
        var again = await Conversations.GetOrCreateThreadAsync("telegram", chat, Cancellation);
        var elsewhere = await Conversations.GetOrCreateThreadAsync("slack", chat, Cancellation);

        Assert.Equal(("telegram", chat, 0L), (created.Platform, created.ChatId, created.HeadSequence));
        Assert.Equal(7, created.Id.Version);
        Assert.Equal(created.CreatedAt, created.UpdatedAt);
        Assert.InRange(created.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(created, again);
        Assert.NotEqual(created.Id, elsewhere.Id);
        Assert.Equal(created, await Conversations.FindThreadAsync(created.Id, Cancellation));
        Assert.Equal(created, await Conversations.FindThreadAsync("telegram", chat, Cancellation));
    }

    [Fact]
    public async Task Of_many_callers_in_two_hosts_one_creates_the_thread()
    {
        await using var other = new Agent(Database);
        var chat = NewId("chat");

        var threads = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => (i % 2 == 0 ? Agent : other).Conversations.GetOrCreateThreadAsync("race", chat, Cancellation), Cancellation)));

        Assert.Single(threads.Distinct());
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_empty_when_read_and_an_error_when_written()
    {
        var id = Guid.CreateVersion7();

        Assert.Null(await Conversations.FindThreadAsync(id, Cancellation));
        Assert.Null(await Conversations.FindThreadAsync("nowhere", NewId("chat"), Cancellation));
        Assert.Null(await Conversations.FindMessageAsync(id, Cancellation));
        Assert.Null(await Conversations.FindMessageAsync(id, "1", Cancellation));
        Assert.Empty(await Conversations.GetRecentMessagesAsync(id, cancellationToken: Cancellation));
        Assert.Empty(await Conversations.ReadMessagesAsync(id, cancellationToken: Cancellation));
        Assert.False(await Conversations.DeleteThreadAsync(id, Cancellation));
        var touched = await Assert.ThrowsAsync<ChatThreadNotFoundException>(() => Conversations.TouchThreadAsync(id, Cancellation));
        var appended = await Assert.ThrowsAsync<ChatThreadNotFoundException>(() => Conversations.AppendAsync(id, Said("x"), Cancellation));
        Assert.Equal((id, id), (touched.ThreadId, appended.ThreadId));
    }

    [Fact]
    public async Task Touching_and_appending_move_the_time_of_the_last_update()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var agent = new Agent(Database, time);
        var created = await agent.Conversations.GetOrCreateThreadAsync("test", NewId("chat"), Cancellation);

        time.Advance(TimeSpan.FromMinutes(1));
        var touched = await agent.Conversations.TouchThreadAsync(created.Id, Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        await agent.Conversations.AppendAsync(created.Id, Said("hello"), Cancellation);
        var appended = await agent.Conversations.FindThreadAsync(created.Id, Cancellation);

        Assert.Equal(created with { UpdatedAt = created.CreatedAt.AddMinutes(1) }, touched);
        Assert.Equal(created with { UpdatedAt = created.CreatedAt.AddMinutes(2), HeadSequence = 1 }, appended);
    }

    [Theory]
    [InlineData(MessageRole.User)]
    [InlineData(MessageRole.Assistant)]
    [InlineData(MessageRole.System)]
    [InlineData(MessageRole.Tool)]
    public async Task A_message_comes_back_as_it_was_given(MessageRole role)
    {
        var thread = await NewThreadAsync();
        var message = new NewMessage
        {
            Role = role,
            Text = "\U0001F600 multi\nline",
            AuthorUserId = "user-1",
            PlatformMessageId = NewId("m"),
            RawPayload = Json("""{ "b" : 1.50, "b":[1,2 ], "c":"\u0000\ud800" }"""),
        };

        var stored = await Conversations.AppendAsync(thread, message, Cancellation);

        Assert.Equal((thread, 1L, role, message.Text), (stored.ThreadId, stored.Sequence, stored.Role, stored.Text));
        Assert.Equal((message.AuthorUserId, message.PlatformMessageId), (stored.AuthorUserId, stored.PlatformMessageId));
        Assert.Equal(message.RawPayload!.Value.GetRawText(), stored.RawPayload?.GetRawText());
        Assert.Equal(7, stored.Id.Version);
        Assert.False(stored.AlreadyStored);
        Assert.InRange(stored.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(stored, await Conversations.FindMessageAsync(stored.Id, Cancellation));
        Assert.Equal(stored, await Conversations.FindMessageAsync(thread, message.PlatformMessageId, Cancellation));
        Assert.Equal(stored, Assert.Single(await Conversations.GetRecentMessagesAsync(thread, cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task A_message_needs_nothing_but_its_role_and_a_JSON_null_is_no_missing_payload()
    {
        var thread = await NewThreadAsync();

        var empty = await Conversations.AppendAsync(thread, new NewMessage { Role = MessageRole.Tool }, Cancellation);
        var jsonNull = await Conversations.AppendAsync(
            thread, new NewMessage { Role = MessageRole.Tool, Text = "", RawPayload = Json("null") }, Cancellation);

        Assert.Null((await Conversations.FindMessageAsync(empty.Id, Cancellation))!.RawPayload);
        Assert.Null(empty.Text);
        var found = (await Conversations.FindMessageAsync(jsonNull.Id, Cancellation))!;
        Assert.Equal(("", JsonValueKind.Null), (found.Text, found.RawPayload!.Value.ValueKind));
    }

    [Fact]
    public async Task Text_that_a_database_cannot_hold_is_replaced_where_it_cannot()
    {
        var thread = await NewThreadAsync();

        var stored = await Conversations.AppendAsync(thread, Said("a\0b\ud800c"), Cancellation);

        Assert.Equal("a\uFFFDb\uFFFDc", stored.Text);
        Assert.Equal(stored, await Conversations.FindMessageAsync(stored.Id, Cancellation));
    }

    [Fact]
    public async Task Recent_messages_come_oldest_first_and_pages_go_on_from_a_sequence()
    {
        var thread = await NewThreadAsync();
        await Conversations.AppendAsync(thread, [.. Enumerable.Range(1, 40).Select(i => Said($"{i}"))], Cancellation);

        async Task<IEnumerable<long>> Read(long after, int limit) =>
            (await Conversations.ReadMessagesAsync(thread, after, limit, Cancellation)).Select(m => m.Sequence);

        Assert.Equal([38, 39, 40], (await Conversations.GetRecentMessagesAsync(thread, 3, Cancellation)).Select(m => m.Sequence));
        Assert.Equal(30, (await Conversations.GetRecentMessagesAsync(thread, cancellationToken: Cancellation)).Count);
        Assert.Equal([1, 2], await Read(0, 2));
        Assert.Equal([39, 40], await Read(38, 10));
        Assert.Empty(await Read(40, 10));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), await TextsAsync(thread));
    }

    [Fact]
    public async Task Deleting_a_thread_takes_all_below_it_and_nothing_else()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var store = agent.Conversations;
        foreach (var chat in new[] { "kept", "deleted" })
        {
            var thread = await store.GetOrCreateThreadAsync("test", chat, Cancellation);
            var messages = await store.AppendAsync(thread.Id, [Said("1"), Said("2", "p")], Cancellation);
            await store.AddArtifactAsync(messages[0].Id, new NewArtifact { Kind = ArtifactKind.FileMeta, Uri = "file:a" }, Cancellation);
        }

        var deleted = (await store.FindThreadAsync("test", "deleted", Cancellation))!.Id;

        Assert.True(await store.DeleteThreadAsync(deleted, Cancellation));
        Assert.False(await store.DeleteThreadAsync(deleted, Cancellation));
        Assert.Equal(1, await database.CountAsync("agent_chat_threads"));
        Assert.Equal(2, await database.CountAsync("agent_chat_messages"));
        Assert.Equal(1, await database.CountAsync("agent_message_artifacts"));
        var anew = await store.GetOrCreateThreadAsync("test", "deleted", Cancellation);
        Assert.NotEqual(deleted, anew.Id);
        Assert.Equal(1, (await store.AppendAsync(anew.Id, Said("2", "p"), Cancellation)).Sequence);
    }

    [Fact]
    public async Task Bad_input_is_refused_and_named_before_anything_is_written()
    {
        var thread = await NewThreadAsync();
        async Task<string?> Refused(Func<Task> call) => (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName;
        Task<string?> RefusedMessage(NewMessage message) =>
            Refused(() => Conversations.AppendAsync(thread, [Said("good"), message], Cancellation));

        Assert.Equal("platform", await Refused(() => Conversations.GetOrCreateThreadAsync(" ", "1", Cancellation)));
        Assert.Equal("chatId", await Refused(() => Conversations.GetOrCreateThreadAsync("test", new string('x', 256), Cancellation)));
        Assert.Equal("chatId", await Refused(() => Conversations.FindThreadAsync("test", "a\nb", Cancellation)));
        Assert.Equal("platformMessageId", await Refused(() => Conversations.FindMessageAsync(thread, "\ud800", Cancellation)));
        Assert.Equal("limit", await Refused(() => Conversations.GetRecentMessagesAsync(thread, 0, Cancellation)));
        Assert.Equal("limit", await Refused(() => Conversations.ReadMessagesAsync(thread, 0, 10_001, Cancellation)));
        Assert.Equal("afterSequence", await Refused(() => Conversations.ReadMessagesAsync(thread, -1, 1, Cancellation)));
        Assert.Equal("message", await Refused(() => Conversations.AppendAsync(thread, (NewMessage)null!, Cancellation)));
        Assert.Equal("messages", await Refused(() => Conversations.AppendAsync(thread, (IReadOnlyList<NewMessage>)null!, Cancellation)));
        Assert.Equal(nameof(NewMessage.Role), await RefusedMessage(new NewMessage { Role = (MessageRole)9 }));
        Assert.Equal(nameof(NewMessage.AuthorUserId), await RefusedMessage(Said("x") with { AuthorUserId = "" }));
        Assert.Equal(nameof(NewMessage.PlatformMessageId), await RefusedMessage(Said("x", " ")));
        Assert.Equal(nameof(NewMessage.RawPayload), await RefusedMessage(Said("x") with { RawPayload = default(JsonElement) }));
        Assert.Empty(await TextsAsync(thread));
    }

    [Fact]
    public async Task A_caller_may_dispose_its_document_as_soon_as_it_has_the_task()
    {
        var thread = await NewThreadAsync();
        Task<ChatMessage> appended;
        using (var document = JsonDocument.Parse("""{"kept":true}"""))
        {
            appended = Conversations.AppendAsync(thread, Said("x") with { RawPayload = document.RootElement }, Cancellation);
        }

        Assert.Equal("""{"kept":true}""", (await appended).RawPayload?.GetRawText());
    }
}
