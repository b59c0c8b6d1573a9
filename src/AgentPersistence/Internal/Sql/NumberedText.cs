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
    public static NumberedText Of(string text) => Of(text, []);

    /// <param name="text">The SQL.</param>
    /// <param name="first">The names that have the first numbers.</param>
    public static NumberedText Of(string text, IEnumerable<string> first)
    {
        var names = first.ToList();
        var numbered = Parameter().Replace(text, found =>
        {
            var name = found.Groups[1].Value;
            if (!names.Contains(name))
            {
                names.Add(name);
            }

            return $"${names.IndexOf(name) + 1}";
        });
        return new(numbered, names);
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
