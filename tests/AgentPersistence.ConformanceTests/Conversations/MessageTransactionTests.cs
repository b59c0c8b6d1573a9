using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

public abstract class MessageTransactionTests(TestDatabases databases) : ConversationTests(databases)
{
    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits()
    {
        var chat = NewId("chat");
        ChatMessage stored;
        MessageArtifact artifact;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var thread = await transaction.Conversations.GetOrCreateThreadAsync("test", chat, Cancellation);
            Assert.Equal(thread, await transaction.Conversations.GetOrCreateThreadAsync("test", chat, Cancellation));
            await transaction.Conversations.AppendAsync(thread.Id, [Said("1"), Said("2")], Cancellation);
            stored = await transaction.Conversations.AppendAsync(thread.Id, Said("3"), Cancellation);
            artifact = await transaction.Conversations.AddArtifactAsync(
                stored.Id, new NewArtifact { Kind = ArtifactKind.ToolResult, Content = Json("1") }, Cancellation);
            artifact = await transaction.Conversations.UpdateArtifactAsync(artifact.Id, new ArtifactUpdate { Uri = "u:" }, Cancellation);
            Assert.Equal(3, (await transaction.Conversations.GetRecentMessagesAsync(thread.Id, cancellationToken: Cancellation)).Count);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal((3L, stored), (stored.Sequence, await Conversations.FindMessageAsync(stored.Id, Cancellation)));
        Assert.Equal(["1", "2", "3"], await TextsAsync(stored.ThreadId));
        Assert.Equal(artifact, Assert.Single(await Conversations.GetArtifactsAsync(stored.Id, Cancellation)));
    }

    [Fact]
    public async Task What_a_transaction_writes_vanishes_if_it_does_not_commit_and_leaves_no_gap()
    {
        var (thread, chat) = (await NewThreadAsync(), NewId("chat"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Conversations.GetOrCreateThreadAsync("test", chat, Cancellation);
            Assert.Equal(1, (await transaction.Conversations.AppendAsync(thread, Said("dropped", "p"), Cancellation)).Sequence);
        }

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            Assert.True(await transaction.Conversations.DeleteThreadAsync(thread, Cancellation));
        }

        Assert.Null(await Conversations.FindThreadAsync("test", chat, Cancellation));
        Assert.Equal(1, (await Conversations.AppendAsync(thread, Said("kept", "p"), Cancellation)).Sequence);
        Assert.Equal(["kept"], await TextsAsync(thread));
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var (thread, nowhere) = (await NewThreadAsync(), Guid.CreateVersion7());
        var first = await Conversations.AppendAsync(thread, Said("first", "1"), Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Conversations;
            Assert.Equal(first with { AlreadyStored = true }, await inside.AppendAsync(thread, Said("first", "1"), Cancellation));
            await Assert.ThrowsAsync<MessageConflictException>(() => inside.AppendAsync(thread, Said("other", "1"), Cancellation));
            await Assert.ThrowsAsync<ChatThreadNotFoundException>(() => inside.AppendAsync(nowhere, Said("x"), Cancellation));
            await Assert.ThrowsAsync<ChatThreadNotFoundException>(() => inside.TouchThreadAsync(nowhere, Cancellation));
            await Assert.ThrowsAsync<ChatMessageNotFoundException>(
                () => inside.AddArtifactAsync(nowhere, new NewArtifact { Kind = ArtifactKind.FileMeta, Uri = "u:" }, Cancellation));
            await Assert.ThrowsAsync<MessageArtifactNotFoundException>(
                () => inside.UpdateArtifactAsync(nowhere, new ArtifactUpdate { Uri = "u:" }, Cancellation));
            await inside.AppendAsync(thread, Said("second"), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(["first", "second"], await TextsAsync(thread));
    }

    [Fact]
    public async Task The_hosts_own_rows_commit_or_vanish_with_the_messages()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE host_table (id integer)");
        var thread = (await agent.Conversations.GetOrCreateThreadAsync("test", "1", Cancellation)).Id;
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            await enlisted.Conversations.AppendAsync(thread, Said($"{commits}"), Cancellation);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO host_table VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(1, await database.CountAsync("host_table"));
        Assert.Equal("True", Assert.Single(await agent.Conversations.ReadMessagesAsync(thread, cancellationToken: Cancellation)).Text);
    }

    [Fact]
    public async Task Appends_to_the_thread_of_an_open_transaction_wait_for_it_and_then_succeed()
    {
        var thread = await NewThreadAsync();
        List<Task<ChatMessage>> waiting;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Conversations.AppendAsync(thread, Said("inside", "p"), Cancellation);
            waiting =
            [
                .. Enumerable.Range(0, 20)
                    .Select(i => Conversations.AppendAsync(thread, i == 7 ? Said("inside", "p") : Said($"{i}"), Cancellation)),
            ];
            await Task.Delay(TimeSpan.FromMilliseconds(700), Cancellation);
            Assert.All(waiting, w => Assert.False(w.IsCompleted));
            await transaction.CommitAsync(Cancellation);
        }

        var stored = await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal((1L, true), (stored[7].Sequence, stored[7].AlreadyStored));
        Assert.Equal(20, (await TextsAsync(thread)).Count);
        var read = await Conversations.ReadMessagesAsync(thread, cancellationToken: Cancellation);
        Assert.Equal(read.Select(m => m.Id), stored.OrderBy(m => m.Sequence).Select(m => m.Id));
    }
}
