using System.Globalization;
using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Conversations;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Threads of a hundred messages, which came in turns.</summary>
internal static class MessageGrowth
{
    private const int MessagesOfThread = 100;

    public static GrowingTable Table { get; } = new("messages", FillAsync,
    [
        Append(callers: 1),
        Append(callers: 64),
        new("recent, 30", (agent, rows) => Calling(agent, chats => chats.GetRecentMessagesAsync(AnyThread(rows)))),
        new("read on, 30", (agent, rows) => Calling(agent, chats => chats.ReadMessagesAsync(AnyThread(rows), 50, limit: 30))),
        new("by id", (agent, rows) => Calling(agent, chats => chats.FindMessageAsync(Id(Random.Shared.NextInt64(rows))))),
        new("by platform id", (agent, rows) => Calling(agent, chats => chats.FindMessageAsync(AnyThread(rows), "50"))),
        new("thread of a chat", (agent, rows) => Calling(agent, chats => chats.GetOrCreateThreadAsync("telegram", Hex(Any(rows))))),
    ]);

    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, threads) = (databases.Sql, rows / MessagesOfThread);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_chat_threads (id, platform, chat_id, head_sequence, created_at, updated_at)
            SELECT {sql.Id("n")}, 'telegram', {sql.Hex("n")}, {MessagesOfThread}, {sql.SecondsAgo("0")}, {sql.SecondsAgo("0")}
            FROM {sql.Series(threads)}
            """);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_chat_messages (
                id, thread_id, sequence, role, text, author_user_id, platform_message_id, content_hash, created_at)
            SELECT {sql.Id("n")}, {sql.Id($"n % {threads}")}, n / {threads} + 1, 'user', '{MessageTexts.At(1)}', 'mia',
                CAST(n / {threads} + 1 AS text), {sql.Hash}, {sql.SecondsAgo($"{rows} - n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Append(int callers) => new("append", (agent, rows) => Calling(agent, chats => chats.AppendAsync(
        AnyThread(rows),
        new NewMessage { Role = MessageRole.User, Text = MessageTexts.At(1), PlatformMessageId = Guid.NewGuid().ToString("N") })))
    {
        Callers = callers,
        Adds = true,
    };

    private static Func<Task> Calling(Agent agent, Func<IConversationStore, Task> call)
    {
        var conversations = agent.Get<IConversationStore>();
        return () => call(conversations);
    }

    private static long Any(long rows) => Random.Shared.NextInt64(rows / MessagesOfThread);

    private static Guid AnyThread(long rows) => Id(Any(rows));

    private static Guid Id(long number) => Guid.ParseExact(number.ToString("x32", CultureInfo.InvariantCulture), "N");

    private static string Hex(long number) => number.ToString("x10", CultureInfo.InvariantCulture);
}
