using System.Text.Json;
using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Conversations;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Threads of a hundred messages, which came in turns; every tenth message has an artifact.</summary>
internal static class MessageGrowth
{
    private const int MessagesOfThread = 100;
    private const int MessagesOfArtifact = 10;

    private static readonly JsonElement Content = JsonElement.Parse("""{"text":"a receipt of the hotel"}""");

    public static GrowingTable Table { get; } = new("messages", FillAsync,
    [
        Append(callers: 1),
        Append(callers: 64),
        Calling("recent, 30", (chats, rows) => chats.GetRecentMessagesAsync(AnyThread(rows))),
        Calling("read on, 30", (chats, rows) => chats.ReadMessagesAsync(AnyThread(rows), 50, limit: 30)),
        Calling("by id", (chats, rows) => chats.FindMessageAsync(Numbered.Id(Numbered.Any(rows)))),
        Calling("by platform id", (chats, rows) => chats.FindMessageAsync(AnyThread(rows), "50")),
        Calling("thread of a chat", (chats, rows) => chats.GetOrCreateThreadAsync("telegram", Numbered.Hex(Any(rows)))),
        Calling("thread by id", (chats, rows) => chats.FindThreadAsync(AnyThread(rows))),
        Calling("touch a thread", (chats, rows) => chats.TouchThreadAsync(AnyThread(rows))),
        Calling("artifacts of a message", (chats, rows) => chats.GetArtifactsAsync(AnyWithArtifact(rows))),
        Calling("update an artifact", (chats, rows) => chats.UpdateArtifactAsync(
            AnyWithArtifact(rows), new ArtifactUpdate { Content = Content })),
        Calling("add an artifact", (chats, rows) => chats.AddArtifactAsync(
            Numbered.Id(Numbered.Any(rows)), new NewArtifact { Kind = ArtifactKind.OcrText, Content = Content })) with { Adds = true },
    ]);

    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, threads) = (databases.Sql, rows / MessagesOfThread);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_chat_threads (id, platform, chat_id, head_sequence, created_at, updated_at)
            SELECT {sql.Id("n")}, 'telegram', {sql.Hex("n")}, {MessagesOfThread}, {sql.At("0")}, {sql.At("0")}
            FROM {sql.Series(threads)}
            """);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_chat_messages (
                id, thread_id, sequence, role, text, author_user_id, platform_message_id, content_hash, created_at)
            SELECT {sql.Id("n")}, {sql.Id($"n % {threads}")}, n / {threads} + 1, 'user', '{MessageTexts.At(1)}', 'mia',
                CAST(n / {threads} + 1 AS text), {sql.Bytes(new byte[32])}, {sql.At("n")}
            FROM {sql.Series(rows)}
            """);
        var message = sql.Id($"n * {MessagesOfArtifact}");
        await databases.ExecuteAsync(connectionString, $$$"""
            INSERT INTO agent_message_artifacts (id, message_id, kind, content_json, created_at, updated_at, write_id)
            SELECT {{{message}}}, {{{message}}}, 'ocr_text', '{"text":"a receipt"}', {{{sql.At("n")}}}, {{{sql.At("n")}}}, {{{message}}}
            FROM {{{sql.Series(rows / MessagesOfArtifact)}}}
            """);
    }

    private static Operation Append(int callers) => Calling("append", (chats, rows) => chats.AppendAsync(
        AnyThread(rows),
        new NewMessage { Role = MessageRole.User, Text = MessageTexts.At(1), PlatformMessageId = Guid.NewGuid().ToString("N") })) with
    {
        Callers = callers,
        Adds = true,
    };

    private static Operation Calling(string name, Func<IConversationStore, long, Task> call) => Operation.On(name, call);

    private static long Any(long rows) => Numbered.Any(rows / MessagesOfThread);

    private static Guid AnyThread(long rows) => Numbered.Id(Any(rows));

    private static Guid AnyWithArtifact(long rows) => Numbered.Id(Numbered.Any(rows / MessagesOfArtifact) * MessagesOfArtifact);
}
