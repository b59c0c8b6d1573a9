using System.Text.RegularExpressions;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>A statement's text as the server takes it: <c>$1</c>, <c>$2</c>, … instead of names.</summary>
internal static partial class NumberedParameters
{
    public static string In(string text, IReadOnlyList<string> names)
    {
        var numbers = names.Select((name, i) => (name, number: i + 1)).ToDictionary(n => n.name, n => n.number);
        return Parameter().Replace(text, name => $"${numbers[name.Groups[1].Value]}");
    }

    [GeneratedRegex("@([a-z0-9_]+)")]
    private static partial Regex Parameter();
}
