using System.Text.Json;
using AgentPersistence.Idempotency;

namespace QuickStart.Conversations;

/// <summary>Sorts a list of chat messages into turns, and every tool's answer to its call.</summary>
public static class ChatMessages
{
    private const int LongestName = 64;

    public static IReadOnlyList<Turn> ToTurns(JsonElement messages)
    {
        var all = messages.Items().ToList();
        var turns = new List<Turn>();
        var calls = new List<ToolCall>();
        string? request = null, answer = null;
        var (number, begun) = (0, false);
        foreach (var (index, message) in all.Index())
        {
            var role = RoleOf(message);
            if (role == "user" && begun)
            {
                turns.Add(new Turn(request, calls, answer));
                (request, calls, answer, begun) = (null, [], null, false);
            }

            if (role == "user")
            {
                request = message.Member("content")?.Text();
                begun = true;
            }
            else if (role == "assistant")
            {
                answer = message.Member("content")?.Text() ?? answer;
                calls.AddRange(CallsOf(message, all.Skip(index + 1).TakeWhile(next => RoleOf(next) == "tool"), ref number));
                begun = true;
            }
        }

        if (begun)
        {
            turns.Add(new Turn(request, calls, answer));
        }

        return turns;
    }

    private static List<ToolCall> CallsOf(JsonElement message, IEnumerable<JsonElement> answers, ref int number)
    {
        var open = answers.ToList();
        var calls = new List<ToolCall>();
        foreach (var call in (message.Member("tool_calls") ?? default).Items())
        {
            var id = call.Member("id")?.Text();
            var at = open.FindIndex(answer => answer.Member("tool_call_id")?.Text() == id);
            var answer = at < 0 ? null : open[at].Member("content")?.Text() ?? "";
            if (at >= 0)
            {
                open.RemoveAt(at);
            }

            var function = call.Member("function") ?? call;
            calls.Add(new ToolCall(++number, NameOf(function), ArgumentsOf(function), answer));
        }

        return calls;
    }

    private static string? RoleOf(JsonElement message) => message.Member("role")?.Text();

    private static string NameOf(JsonElement function)
    {
        var name = function.Member("name")?.Text();
        return string.IsNullOrWhiteSpace(name) ? "unnamed" : name[..Math.Min(name.Length, LongestName)];
    }

    private static JsonElement ArgumentsOf(JsonElement function)
    {
        var arguments = function.Member("arguments");
        if (arguments is null || string.IsNullOrWhiteSpace(arguments.Value.Text()))
        {
            return JsonElement.Parse("{}");
        }

        var text = arguments.Value.Text();
        try
        {
            var parsed = JsonElement.Parse(text);

            // Nothing can be asked twice that has no canonical form: a name twice in one object, half a character.
            _ = IdempotencyKey.Fingerprint(parsed);
            return parsed;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return JsonSerializer.SerializeToElement(new { unreadable = text });
        }
    }
}
