using System.Text;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class MessageLostAnswerTests(TestDatabases databases) : ConversationTests(databases)
{
    [Fact]
    public async Task An_append_whose_answer_was_lost_is_stored_once_and_is_this_calls_own()
    {
        var thread = await NewThreadAsync();
        var lost = Proxy.LoseNextAnswerTo("ghost");

        var stored = await BehindProxy.Conversations.AppendAsync(thread, Said("ghost"), Cancellation);

        await lost;
        Assert.Equal((1L, false), (stored.Sequence, stored.AlreadyStored));
        Assert.Equal(stored, await Conversations.FindMessageAsync(stored.Id, Cancellation));
        Assert.Equal(["ghost"], await TextsAsync(thread));
    }

    [Fact]
    public async Task Many_appends_whose_shared_answer_was_lost_are_each_stored_once()
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NewThreadAsync()));
        await Conversations.AppendAsync(threads[0], Said("known", "known"), Cancellation);
        var lost = Proxy.LoseNextAnswerTo("ghost 21");

        var stored = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => BehindProxy.Conversations.AppendAsync(
            threads[i % 4], Said($"ghost {i}", i % 2 == 0 ? $"p{i}" : null), Cancellation)));
        await lost;
        var again = await BehindProxy.Conversations.AppendAsync(threads[0], [Said("ghost 0", "p0"), Said("known", "known")], Cancellation);

        Assert.All(stored, m => Assert.False(m.AlreadyStored));
        Assert.All(again, m => Assert.True(m.AlreadyStored));
        foreach (var (i, thread) in threads.Index())
        {
            Assert.Equal(i == 0 ? 11 : 10, (await TextsAsync(thread)).Count);
        }
    }

    [Fact]
    public async Task A_commit_with_repetitions_whose_answer_was_lost_is_stored_once()
    {
        var thread = await NewThreadAsync();
        await Conversations.AppendAsync(thread, Said("known", "1"), Cancellation);
        var lost = Proxy.LoseNextAnswerToCommit();

        var stored = await BehindProxy.Conversations.AppendAsync(thread, [Said("known", "1"), Said("new", "2"), Said("plain")], Cancellation);

        await lost;
        Assert.Equal([(1, true), (2, false), (3, false)], stored.Select(m => (m.Sequence, m.AlreadyStored)));
        Assert.Equal(["known", "new", "plain"], await TextsAsync(thread));
    }

    [Fact]
    public async Task An_append_whose_request_was_lost_is_sent_again()
    {
        var thread = await NewThreadAsync();
        var lost = Proxy.LoseNextRequestWith("ghost");

        var stored = await BehindProxy.Conversations.AppendAsync(thread, Said("ghost"), Cancellation);

        await lost;
        Assert.Equal((1L, false), (stored.Sequence, stored.AlreadyStored));
        Assert.Equal(["ghost"], await TextsAsync(thread));
    }

    [Fact]
    public async Task A_thread_an_artifact_and_an_update_whose_answers_were_lost_are_stored_once()
    {
        var chat = NewId("ghost-chat");
        var created = Proxy.LoseNextAnswer(request => Holds(request, chat) && Holds(request, "INSERT"));
        var thread = await BehindProxy.Conversations.GetOrCreateThreadAsync("test", chat, Cancellation);
        await created;
        var message = await Conversations.AppendAsync(thread.Id, Said("x"), Cancellation);

        var added = Proxy.LoseNextAnswerTo("ghost artifact");
        var artifact = await BehindProxy.Conversations.AddArtifactAsync(
            message.Id, new NewArtifact { Kind = ArtifactKind.OcrText, Content = Json("\"ghost artifact\"") }, Cancellation);
        await added;
        var changed = Proxy.LoseNextAnswerTo("ghost update");
        var updated = await BehindProxy.Conversations.UpdateArtifactAsync(
            artifact.Id, new ArtifactUpdate { Content = Json("\"ghost update\"") }, Cancellation);
        await changed;

        Assert.Equal(thread.Id, (await Conversations.FindThreadAsync("test", chat, Cancellation))!.Id);
        Assert.Equal(updated, Assert.Single(await Conversations.GetArtifactsAsync(message.Id, Cancellation)));
        Assert.Equal("\"ghost update\"", updated.Content?.GetRawText());
    }

    private static bool Holds(ReadOnlyMemory<byte> request, string text) => request.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
