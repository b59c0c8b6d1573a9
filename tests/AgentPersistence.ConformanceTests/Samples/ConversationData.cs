using System.Text.Json;
using QuickStart.Conversations;

namespace AgentPersistence.ConformanceTests.Samples;

/// <summary>
/// The conversations to play: 100 real ones, in airline.json under the folder that AGENT_PERSISTENCE_DATA names or in
/// ../shared/data/conversations beside the repository; where there is no such file, the sample's own.
/// </summary>
internal static class ConversationData
{
    private const string Variable = "AGENT_PERSISTENCE_DATA";
    private const string FileName = "airline.json";

    private static readonly string[] Changing = ["book", "update", "cancel", "send", "transfer", "create", "schedule", "decline"];

    /// <summary>The repository's folder; null where the tests run outside of it.</summary>
    public static string? Root { get; } = FindRoot();

    public static bool IsReal { get; } = Real() is not null;

    public static string Path { get; } = Real() ?? ConversationFile.OwnConversations;

    /// <summary>Counts a file's conversations on their own terms, past the sample's reader.</summary>
    public static Counts Count(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var conversations = document.RootElement.EnumerateArray().ToList();
        var messages = conversations.SelectMany(c => c.GetProperty("traj").EnumerateArray()).ToList();
        var calls = messages
            .Where(m => m.TryGetProperty("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array)
            .SelectMany(m => m.GetProperty("tool_calls").EnumerateArray())
            .Select(call => call.GetProperty("function").GetProperty("name").GetString()!)
            .ToList();
        return new Counts(
            conversations.Count,
            calls.Count,
            calls.Count(name => Changing.Any(verb => name.StartsWith(verb + "_", StringComparison.Ordinal))),
            messages.Count(m => m.GetProperty("role").GetString() == "user"),
            conversations.Count(c => c.GetProperty("reward").GetDouble() >= 1),
            conversations.Select(c => c.GetProperty("info").GetProperty("task").GetProperty("user_id").GetString()).Distinct().Count());
    }

    private static string? Real()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var beside = Root is null ? null : System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared", "data"));
        var folder = string.IsNullOrEmpty(named) ? beside : named;
        string[] paths = [System.IO.Path.Combine(folder ?? "", FileName), System.IO.Path.Combine(folder ?? "", "conversations", FileName)];
        return folder is null ? null : paths.FirstOrDefault(File.Exists);
    }

    private static string? FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "AgentPersistence.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder;
    }
}

internal sealed record Counts(int Conversations, int ToolCalls, int Changes, int Turns, int Resolved, int Customers);
