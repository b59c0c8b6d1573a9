using System.Text;
using System.Text.Json;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class GivenJson
{
    /// <summary>The largest document that the suite's option accepts.</summary>
    public const int MaxBytes = 65_536;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = true,
        MaxDepth = 2_000,
    };

    public static IEnumerable<GivenValue> All =>
    [
        .. Strict.Select(text => GivenValue.Same(text.Name, Parse(text.Json))),
        GivenValue.Refused("undefined", default(JsonElement)),
        GivenValue.Refused("of a disposed document", Disposed()),
        GivenValue.Refused("comment", Parse("""{"a":1 /* secret */}""")),
        GivenValue.Refused("comment to the end of the line", Parse("[1, // secret\n2]")),
        GivenValue.Refused("trailing comma in an array", Parse("[1,]")),
        GivenValue.Refused("trailing comma in an object", Parse("""{"a":1,}""")),
        GivenValue.Refused("513 arrays", Parse(Arrays(513))),
        GivenValue.Refused("513 objects", Parse(Objects(513))),
        GivenValue.Refused("one byte too large", Parse(StringOf(MaxBytes + 1))),
        GivenValue.Refused("too large in bytes, not in characters", Parse($"\"{new string('\u4E2D', MaxBytes / 3)}\"")),
        GivenValue.Refused("ill-formed UTF-8", JsonElement.Parse(IllFormed)),
    ];

    /// <summary>The same where JSON must have a canonical form: what readers understand differently is refused too.</summary>
    public static IEnumerable<GivenValue> Canonical =>
        All.Select(value => Ambiguous.Contains(value.Name) ? value with { IsRefused = true } : value);

    private static HashSet<string> Ambiguous =>
        ["duplicate names", "escaped lone surrogates", "a thousand digits", "beyond a double", "a huge exponent"];

    private static IEnumerable<(string Name, string Json)> Strict =>
    [
        ("JSON null", "null"),
        ("true", "true"),
        ("empty string", "\"\""),
        ("empty object", "{}"),
        ("white space inside", "{ \"a\" :\t[ 1 ,\r\n 2 ] }"),
        ("duplicate names", """{"a":1,"b":2,"a":3}"""),
        ("empty name", """{"":1}"""),
        ("members out of order", """{"b":1,"a":2,"aa":3}"""),
        ("escaped U+0000", """{"a\u0000":"\u0000"}"""),
        ("escaped lone surrogates", """{"\ud800":"\udc00\ud83d"}"""),
        ("escapes that need not be", """["\/","\u0061","\u003c","\ud83d\ude00"]"""),
        ("beyond the BMP", $"[\"{char.ConvertFromUtf32(0x1F600)}\"]"),
        ("right to left", "[\"\u202E\u05D0\u05D1\u202C\"]"),
        ("line separators and a noncharacter", "[\"\u2028\u2029\uFFFF\u007F\"]"),
        ("a decimal's zeros", "[1.50,1.0,-0,-0.0,0.10]"),
        ("an integer beyond 64 bits", "[12345678901234567890,9007199254740993]"),
        ("a thousand digits", new string('9', 1_000)),
        ("beyond a double", "[1e400,-1E+400,1e-400]"),
        ("a huge exponent", "[1e999999999999,1E-999999999999]"),
        ("512 arrays", Arrays(512)),
        ("512 objects", Objects(512)),
        ("as large as may be", StringOf(MaxBytes)),
        ("what looks like a comment", """["/* text */","// text"]"""),
    ];

    // A parser checks the bytes of a string only when it is read.
    private static byte[] IllFormed => [(byte)'"', 0xC3, 0x28, (byte)'"'];

    public static JsonElement Parse(string json) => JsonElement.Parse(json, Lenient);

    public static JsonDocument Document(string json) => JsonDocument.Parse(json, Lenient);

    private static JsonElement Disposed()
    {
        using var document = Document("[1]");
        return document.RootElement;
    }

    private static string Arrays(int levels) => new string('[', levels) + new string(']', levels);

    private static string Objects(int levels) =>
        new StringBuilder().Insert(0, """{"a":""", levels).Append('1').Append('}', levels).ToString();

    private static string StringOf(int bytes) => $"\"{new string('x', bytes - 2)}\"";
}
