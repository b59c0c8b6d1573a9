namespace AgentPersistence.ConformanceTests.BadInput;

/// <summary>Keys, names and free text.</summary>
internal static class GivenText
{
    private static readonly string Emoji = char.ConvertFromUtf32(0x1F600);

    public static IEnumerable<GivenValue> Keys =>
    [
        GivenValue.Refused("empty", ""),
        GivenValue.Refused("blank", " "),
        GivenValue.Refused("blank, wide", "\u3000\u2003"),
        GivenValue.Refused("U+0000", "a\0b"),
        GivenValue.Refused("new line", "a\n"),
        GivenValue.Refused("delete", "a\u007F"),
        GivenValue.Refused("next line", "a\u0085b"),
        GivenValue.Refused("lone high surrogate", "a\uD83D"),
        GivenValue.Refused("lone low surrogate", "\uDE00a"),
        GivenValue.Refused("surrogates the wrong way round", "\uDE00\uD83D"),
        GivenValue.Refused("256 characters", new string('k', 256)),
        GivenValue.Refused("256 characters beyond the BMP", string.Concat(Enumerable.Repeat(Emoji, 128))),
        GivenValue.Same("255 characters", new string('k', 255)),
        GivenValue.Same("255 characters beyond the BMP", string.Concat(Enumerable.Repeat(Emoji, 127)) + "k"),
        GivenValue.Same("255 characters of three bytes", new string('\u4E2D', 255)),
        .. Ordinary.Select(o => GivenValue.Same(o.Name, o.Text)),
    ];

    public static IEnumerable<GivenValue> Names =>
    [
        .. Texts.Where(t => ((string)t.Given!).Length <= 255),
        GivenValue.Same("255 characters beyond the BMP", string.Concat(Enumerable.Repeat(Emoji, 127)) + "n"),
        GivenValue.Refused("256 characters", new string('n', 256)),
        GivenValue.Refused("100,000 characters", new string('n', 100_000)),
    ];

    public static IEnumerable<GivenValue> Texts =>
    [
        GivenValue.Same("empty", ""),
        GivenValue.Same("blank", "  \t"),
        GivenValue.Same("control characters", "\u0001\r\n\u001B[31m\u007F\u0085"),
        GivenValue.As("U+0000", "a\0b\0", "a\uFFFDb\uFFFD"),
        GivenValue.As("lone high surrogate", "a\uD83D", "a\uFFFD"),
        GivenValue.As("lone low surrogate", "\uDE00a", "\uFFFDa"),
        GivenValue.As("surrogates the wrong way round", "\uDE00\uD83D", "\uFFFD\uFFFD"),
        GivenValue.As("a pair after a lone one", "\uD83D" + Emoji, "\uFFFD" + Emoji),
        GivenValue.Same("255 characters", new string('t', 255)),
        GivenValue.Same("100,000 characters", new string('t', 100_000)),
        .. Ordinary.Select(o => GivenValue.Same(o.Name, o.Text)),
    ];

    // Nothing is wrong with these but that somebody's code would change them.
    private static IEnumerable<(string Name, string Text)> Ordinary =>
    [
        ("padded", " padded "),
        ("beyond the BMP", $"x{Emoji}y"),
        ("right to left", "\u202E\u05D0\u05D1\u202C abc \u0627"),
        ("composed", "\u00E9"),
        ("decomposed", "e\u0301"),
        ("upper case", "KEY \u00C9 \u0130"),
        ("lower case", "key \u00E9 \u0131"),
        ("replacement character", "\uFFFD"),
        ("not a character", "a\uFFFF\uFFFE"),
        ("byte order mark", "\uFEFFa"),
        ("zero width", "\u200Ba\u200D"),
        ("SQL", "'; DROP TABLE agent_sessions; --\\'\" @id {0} $1 %_ ?"),
        ("a number", "007"),
        ("null as a word", "null"),
    ];
}
