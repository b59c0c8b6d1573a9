using AgentPersistence.Idempotency;
using QuickStart.Conversations;

namespace AgentHost;

/// <summary>The conversations that are played, and the ids by which everything in them is found again after a restart.</summary>
public sealed class Script(IReadOnlyList<Conversation> conversations)
{
    /// <summary>Marks what is this host's in a database that it may share with others.</summary>
    public const string Host = "agent-host";

    private const int GuidDigits = 32;

    private readonly Dictionary<string, Conversation> _byId = conversations.ToDictionary(conversation => conversation.Id);

    public IReadOnlyList<Conversation> Conversations { get; } = [.. conversations.Where(conversation => conversation.Turns.Count > 0)];

    public Conversation? Find(string id) => _byId.GetValueOrDefault(id);

    public static string RunIdOf(Conversation conversation) => $"{Host}-{conversation.Id}";

    /// <summary>The job that answers one turn of a conversation.</summary>
    public static Guid JobIdOf(Conversation conversation, int turn) => StableId("job", conversation.Id, turn);

    /// <summary>The same id for the same things, in every process: whoever stores something under it again stores nothing.</summary>
    public static Guid StableId(params object?[] parts)
    {
        var key = IdempotencyKey.From([Host, .. parts]);
        return Guid.ParseExact(key.AsSpan(key.IndexOf(':', StringComparison.Ordinal) + 1, GuidDigits), "N");
    }
}
