using System.Text.Json;

namespace QuickStart.Conversations;

/// <summary>
/// Reads conversations in the OpenAI chat format: an array of objects whose <c>traj</c> or <c>messages</c> is a list of messages.
/// <c>task_id</c>, <c>trial</c>, <c>reward</c> and <c>info.task.user_id</c> are used where they are there.
/// </summary>
public static class ConversationFile
{
    public static string OwnConversations => Path.Combine(AppContext.BaseDirectory, "conversations.json");

    public static IReadOnlyList<Conversation> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 512 });
            var conversations = ReadAll(document.RootElement, Identifier.From(Path.GetFileNameWithoutExtension(path)) ?? "file");
            return conversations.Count > 0
                ? conversations
                : throw new ConversationFileException(
                    $"{path} holds no conversation. Give a JSON array of objects whose traj or messages is a list of chat messages.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConversationFileException($"{path} cannot be read: {e.Message} Give the path of a JSON file of conversations.", e);
        }
        catch (JsonException e)
        {
            throw new ConversationFileException($"{path} is not JSON: {e.Message} Give a JSON array of conversations.", e);
        }
    }

    private static List<Conversation> ReadAll(JsonElement root, string source)
    {
        var conversations = new List<Conversation>();
        var ids = new HashSet<string>();
        foreach (var (index, item) in root.Items().Index())
        {
            var messages = item.ValueKind == JsonValueKind.Array ? item : item.Member("traj") ?? item.Member("messages");
            if (messages is not { ValueKind: JsonValueKind.Array } list)
            {
                continue;
            }

            var turns = ChatMessages.ToTurns(list);
            var id = IdOf(item, source, index);
            conversations.Add(new Conversation(ids.Add(id) ? id : $"{id}-{index}", CustomerOf(item, turns), ResolvedOf(item), turns));
        }

        return conversations;
    }

    private static string IdOf(JsonElement item, string source, int index)
    {
        var task = Identifier.From(item.Member("task_id")?.Text()) ?? $"{index}";
        return item.Member("trial")?.Text() is { } trial && Identifier.From(trial) is { } attempt
            ? $"{source}-{task}-{attempt}"
            : $"{source}-{task}";
    }

    private static bool? ResolvedOf(JsonElement item) =>
        item.Member("reward") is { ValueKind: JsonValueKind.Number } reward ? reward.GetDouble() >= 1 : null;

    private static string? CustomerOf(JsonElement item, IReadOnlyList<Turn> turns)
    {
        var named = item.Member("info")?.Member("task")?.Member("user_id")?.Text();
        var asked = turns.SelectMany(turn => turn.Calls)
            .Select(call => (call.Arguments.Member("user_id") ?? call.Arguments.Member("customer_id"))?.Text());
        return new[] { named }.Concat(asked).Select(Identifier.From).FirstOrDefault(id => id is not null);
    }
}
