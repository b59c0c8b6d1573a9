using System.Globalization;
using System.Text;

namespace AgentPersistence.Incidents.Storage;

/// <summary>A word of a signal cluster, or a value: a number, an id, a part of a path or an address.</summary>
internal readonly record struct IncidentTerm(string Text, bool IsValue);

/// <summary>
/// What a signal cluster is found by, the same on both databases: its runs of letters and digits in lower case. Identifiers count as a
/// whole and by their parts (<c>PAYMENT_CALLBACK_INVALID</c>, <c>KubePodNotReady</c>). A term holds nothing but letters, marks, digits
/// and '_', so it can be quoted for any query syntax. Stored, so it stays as it is.
/// </summary>
internal sealed class IncidentTerms
{
    /// <summary>So many at most, words before values: a row must stay short.</summary>
    public const int MostIndexed = 256;

    private const int LongestTerm = 64;
    private const int WordLength = 5;
    private const int ValueLength = 1;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<IncidentTerm> _words = [];
    private readonly List<IncidentTerm> _values = [];

    private IncidentTerms(string text)
    {
        foreach (var run in Runs(text))
        {
            Add(run);
        }
    }

    /// <summary>The distinct terms, words before values, each in the order of the text.</summary>
    public IEnumerable<IncidentTerm> All => _words.Concat(_values);

    /// <summary>How much the indexed terms say, a value a fifth of a word. Long texts match by chance, so ranking discounts them.</summary>
    public long Length => All.Take(MostIndexed).Sum(t => t.IsValue ? ValueLength : WordLength);

    public static IncidentTerms Of(string text) => new(text);

    /// <summary>The terms as they are stored and indexed.</summary>
    public override string ToString() => string.Join(' ', All.Take(MostIndexed).Select(t => t.Text));

    private void Add(string run)
    {
        var parts = run.Split('_', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 1 && !run.Any(char.IsDigit))
        {
            AddTerm(run.Trim('_'), isValue: false);
        }

        foreach (var part in parts)
        {
            if (part.Any(char.IsDigit))
            {
                AddTerm(part, isValue: true);
                continue;
            }

            AddTerm(part, isValue: false);
            foreach (var word in Words(part))
            {
                AddTerm(word, isValue: false);
            }
        }
    }

    private void AddTerm(string text, bool isValue)
    {
        var term = Shorten(text.ToLowerInvariant());
        if (_known.Add(term))
        {
            (isValue ? _values : _words).Add(new IncidentTerm(term, isValue));
        }
    }

    /// <summary>Runs of letters, marks, digits and '_'.</summary>
    private static IEnumerable<string> Runs(string text)
    {
        var run = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '_' || Rune.IsLetterOrDigit(rune) || IsMark(rune))
            {
                run.Append(rune);
            }
            else if (run.Length > 0)
            {
                yield return run.ToString();
                run.Clear();
            }
        }

        if (run.Length > 0)
        {
            yield return run.ToString();
        }
    }

    /// <summary>The words of CamelCase: a word begins where a capital follows a small letter, or precedes one among capitals.</summary>
    private static IEnumerable<string> Words(string part)
    {
        var start = 0;
        for (var i = 1; i < part.Length; i++)
        {
            var precedesSmall = i + 1 < part.Length && char.IsLower(part[i + 1]);
            if (char.IsUpper(part[i]) && (char.IsLower(part[i - 1]) || (char.IsUpper(part[i - 1]) && precedesSmall)))
            {
                yield return part[start..i];
                start = i;
            }
        }

        yield return part[start..];
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static string Shorten(string term) => term.Length <= LongestTerm ? term
        : term[..(char.IsHighSurrogate(term[LongestTerm - 1]) ? LongestTerm - 1 : LongestTerm)];
}
