using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Sql;

/// <summary>
/// A statement's text with <c>$1</c>, <c>$2</c>, … instead of names, as PostgreSQL takes it: Npgsql writes a text with named parameters
/// anew at every use.
/// </summary>
internal sealed partial class NumberedText
{
    private readonly Dictionary<string, int> _numbers = [];

    public NumberedText(string text) => Text = Parameter().Replace(text, found => $"${Number(found.Groups[1].Value)}");

    /// <summary>The SQL.</summary>
    public string Text { get; }

    /// <summary>The names, in the order of the numbers.</summary>
    public IReadOnlyCollection<string> Names => _numbers.Keys;

    /// <summary>Statements of this text that have run, to be used again.</summary>
    public ConcurrentQueue<SentStatement> Idle { get; } = [];

    /// <summary>The place of a name, from 0; null where the text does not ask for it.</summary>
    public int? NumberOf(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    private int Number(string name)
    {
        _numbers.TryAdd(name, _numbers.Count);
        return _numbers[name] + 1;
    }

    [GeneratedRegex("(?<!@)@([a-z0-9_]+)")]
    private static partial Regex Parameter();
}
