using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

public abstract class MessageArtifactTests(TestDatabases databases) : ConversationTests(databases)
{
    [Theory]
    [InlineData(ArtifactKind.VoiceTranscript, """{ "text" : "hello",  "confidence": 0.90 }""", null)]
    [InlineData(ArtifactKind.ImageJson, """{"a":1,"a":2}""", null)]
    [InlineData(ArtifactKind.OcrText, "\"read\"", "https://example.org/scan.png")]
    [InlineData(ArtifactKind.FileMeta, null, "s3://bucket/key with spaces/\u00e9")]
    [InlineData(ArtifactKind.ToolResult, "null", null)]
    public async Task An_artifact_comes_back_as_it_was_given(ArtifactKind kind, string? content, string? uri)
    {
        var message = await NewMessageAsync();

        var added = await Conversations.AddArtifactAsync(
            message, new NewArtifact { Kind = kind, Content = content is null ? null : Json(content), Uri = uri }, Cancellation);

        Assert.Equal((message, kind, content, uri), (added.MessageId, added.Kind, added.Content?.GetRawText(), added.Uri));
        Assert.Equal(added.CreatedAt, added.UpdatedAt);
        Assert.Equal(added, Assert.Single(await Conversations.GetArtifactsAsync(message, Cancellation)));
    }

    [Fact]
    public async Task The_artifacts_of_a_message_come_in_the_order_of_their_making()
    {
        var (message, other) = (await NewMessageAsync(), await NewMessageAsync());
        for (var i = 0; i < 5; i++)
        {
            await AddAsync(message, $"{i}");
            await AddAsync(other, "9");
        }

        var artifacts = await Conversations.GetArtifactsAsync(message, Cancellation);
        Assert.Equal(["0", "1", "2", "3", "4"], artifacts.Select(a => a.Content?.GetRawText()));
        Assert.Empty(await Conversations.GetArtifactsAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task Updating_sets_what_is_given_and_keeps_the_rest()
    {
        var added = await Conversations.AddArtifactAsync(
            await NewMessageAsync(), new NewArtifact { Kind = ArtifactKind.VoiceTranscript, Uri = "file:voice.ogg" }, Cancellation);

        Task<MessageArtifact> Update(ArtifactUpdate update) => Conversations.UpdateArtifactAsync(added.Id, update, Cancellation);
        var transcribed = await Update(new ArtifactUpdate { Content = Json("\"hello\"") });
        var moved = await Update(new ArtifactUpdate { Uri = "file:archive.ogg" });
        var cleared = await Update(new ArtifactUpdate { Content = Json("null") });

        Assert.Equal(("\"hello\"", "file:voice.ogg"), (transcribed.Content?.GetRawText(), transcribed.Uri));
        Assert.Equal(("\"hello\"", "file:archive.ogg"), (moved.Content?.GetRawText(), moved.Uri));
        Assert.Equal(JsonValueKind.Null, cleared.Content?.ValueKind);
        Assert.Equal((added.CreatedAt, added.Kind), (cleared.CreatedAt, cleared.Kind));
        Assert.True(cleared.UpdatedAt > added.UpdatedAt);
        Assert.Equal(cleared, Assert.Single(await Conversations.GetArtifactsAsync(added.MessageId, Cancellation)));
    }

    [Fact]
    public async Task An_artifact_of_an_unknown_message_or_an_unknown_artifact_is_an_error()
    {
        var id = Guid.CreateVersion7();

        var message = await Assert.ThrowsAsync<ChatMessageNotFoundException>(() => AddAsync(id, "1"));
        var artifact = await Assert.ThrowsAsync<MessageArtifactNotFoundException>(
            () => Conversations.UpdateArtifactAsync(id, new ArtifactUpdate { Uri = "file:x" }, Cancellation));

        Assert.Equal((id, id), (message.MessageId, artifact.ArtifactId));
    }

    [Fact]
    public async Task Artifacts_added_while_their_thread_is_deleted_are_stored_or_refused_and_never_left_behind()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        for (var round = 0; round < 5; round++)
        {
            var thread = await agent.Conversations.GetOrCreateThreadAsync("test", $"{round}", Cancellation);
            var message = await agent.Conversations.AppendAsync(thread.Id, Said("x"), Cancellation);
            var artifact = new NewArtifact { Kind = ArtifactKind.OcrText, Uri = "u:" };
            var adding = Enumerable.Range(0, 20).Select(_ => Task.Run(
                () => agent.Conversations.AddArtifactAsync(message.Id, artifact, Cancellation), Cancellation)).ToList();
            await agent.Conversations.DeleteThreadAsync(thread.Id, Cancellation);
            await Task.WhenAny(Task.WhenAll(adding), Task.Delay(Timeout.Infinite, Cancellation));

            Assert.All(
                adding,
                a => Assert.True(a.Exception?.InnerException is null or ChatMessageNotFoundException, $"{a.Exception}"));
        }

        Assert.Equal(0, await database.CountAsync("agent_message_artifacts"));
    }

    [Fact]
    public async Task Bad_input_is_refused_and_named()
    {
        var added = await AddAsync(await NewMessageAsync(), "1");
        async Task<string?> Refused(Func<Task> call) => (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName;
        Task<string?> RefusedNew(NewArtifact artifact) =>
            Refused(() => Conversations.AddArtifactAsync(added.MessageId, artifact, Cancellation));
        Task<string?> RefusedUpdate(ArtifactUpdate update) =>
            Refused(() => Conversations.UpdateArtifactAsync(added.Id, update, Cancellation));
        var artifact = new NewArtifact { Kind = ArtifactKind.FileMeta };

        Assert.Equal("artifact", await RefusedNew(null!));
        Assert.Equal(nameof(NewArtifact.Content), await RefusedNew(artifact));
        Assert.Equal(nameof(NewArtifact.Kind), await RefusedNew(artifact with { Kind = (ArtifactKind)7, Uri = "u:" }));
        Assert.Equal(nameof(NewArtifact.Uri), await RefusedNew(artifact with { Uri = " " }));
        Assert.Equal(nameof(NewArtifact.Uri), await RefusedNew(artifact with { Uri = "u:\n" }));
        Assert.Equal(nameof(NewArtifact.Uri), await RefusedNew(artifact with { Uri = "u:\udc00" }));
        Assert.Equal(nameof(NewArtifact.Uri), await RefusedNew(artifact with { Uri = new string('u', 2_049) }));
        Assert.Equal(nameof(NewArtifact.Content), await RefusedNew(artifact with { Content = default(JsonElement) }));
        Assert.Equal("update", await RefusedUpdate(null!));
        Assert.Equal(nameof(ArtifactUpdate.Content), await RefusedUpdate(new ArtifactUpdate()));
        Assert.Equal(nameof(ArtifactUpdate.Uri), await RefusedUpdate(new ArtifactUpdate { Uri = "" }));
        Assert.Equal(added, Assert.Single(await Conversations.GetArtifactsAsync(added.MessageId, Cancellation)));
    }

    private async Task<Guid> NewMessageAsync() => (await Conversations.AppendAsync(await NewThreadAsync(), Said("x"), Cancellation)).Id;

    private Task<MessageArtifact> AddAsync(Guid message, string content) => Conversations.AddArtifactAsync(
        message, new NewArtifact { Kind = ArtifactKind.ToolResult, Content = Json(content) }, Cancellation);
}
