namespace QuickStart.Playing;

/// <summary>What a tool does, told by the verb its name begins with: <c>book_flight</c>, <c>bookFlight</c>, <c>book-flight</c>.</summary>
public static class ToolRules
{
    private static readonly string[] DenyingVerbs = ["decline", "deny", "reject"];
    private static readonly string[] HandingOverVerbs = ["escalate", "handoff", "transfer"];

    private static readonly HashSet<string> ChangingVerbs =
    [
        "add", "apply", "approve", "assign", "book", "buy", "cancel", "change", "charge", "close", "create", "delete", "deploy", "exchange",
        "issue", "modify", "move", "open", "order", "pay", "place", "post", "refund", "remove", "reschedule", "reset", "restart", "return",
        "schedule", "send", "set", "submit", "update", "upgrade", "withdraw", "write", .. DenyingVerbs, .. HandingOverVerbs,
    ];

    /// <summary>Whether calling it twice would do something twice.</summary>
    public static bool ChangesState(string tool) => ChangingVerbs.Contains(VerbOf(tool));

    /// <summary>Whether it tells the customer no.</summary>
    public static bool Denies(string tool) => DenyingVerbs.Contains(VerbOf(tool));

    /// <summary>Whether it gives the conversation to a person.</summary>
    public static bool HandsOver(string tool) => HandingOverVerbs.Contains(VerbOf(tool));

    private static string VerbOf(string tool)
    {
        var end = tool.Skip(1).TakeWhile(char.IsAsciiLetterLower).Count() + 1;
        return tool.Length == 0 ? "" : tool[..end].ToLowerInvariant();
    }
}
