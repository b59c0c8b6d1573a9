using System.Text.RegularExpressions;

namespace AgentPersistence.Internal.Sql;

/// <summary>
/// A statement's text with <c>$1</c>, <c>$2</c>, … instead of names, as PostgreSQL takes it: Npgsql writes a text with named parameters
/// anew at every use.
/// </summary>
/// <param name="Text">The SQL.</param>
/// <param name="Names">The names, in the order of the numbers.</param>
internal sealed partial record NumberedText(string Text, IReadOnlyList<string> Names)
{
    public static NumberedText Of(string text) => Of(text, [.. Parameter().Matches(text).Select(found => found.Groups[1].Value).Distinct()]);

    /// <param name="text">The SQL.</param>
    /// <param name="names">The names, in the order of the numbers.</param>
    /// <exception cref="KeyNotFoundException">The text has another name.</exception>
    public static NumberedText Of(string text, IReadOnlyList<string> names)
    {
        var numbers = names.Index().ToDictionary(n => n.Item, n => n.Index + 1);
        return new(Parameter().Replace(text, found => $"${numbers[found.Groups[1].Value]}"), names);
    }

    /// <summary>The place of a name, from 0; null where the text does not ask for it.</summary>
    public int? NumberOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        return null;
    }

    [GeneratedRegex("(?<!@)@([a-z0-9_]+)")]
    private static partial Regex Parameter();
}
