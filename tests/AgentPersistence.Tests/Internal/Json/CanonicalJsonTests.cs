using System.Text;
using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Tests.Internal.Json;

public class CanonicalJsonTests
{
    // RFC 8785 section 3.2.2
    private const string Sample = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50,
                      2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    // RFC 8785 section 3.2.4
    private const string SampleBytes = """
        7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72
        75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
        5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31
        65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
        5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
        30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d
        """;

    [Fact]
    public void The_sample_of_RFC_8785_becomes_its_bytes()
    {
        byte[] expected = Convert.FromHexString(SampleBytes.ReplaceLineEndings(" ").Replace(" ", ""));

        Assert.Equal(expected, CanonicalJson.ToUtf8Bytes(Encoding.UTF8.GetBytes(Sample)));
        Assert.Equal(expected, CanonicalJson.ToUtf8Bytes(JsonElement.Parse(Sample)));
    }

    [Fact]
    public void Properties_are_sorted_as_in_RFC_8785_section_3_2_3()
    {
        const string sample = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        string[] values = [.. JsonElement.Parse(Canonical(sample)).EnumerateObject().Select(property => property.Value.GetString()!)];

        Assert.Equal(
            [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
                "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ],
            values);
    }

    [Fact]
    public void Names_are_ordered_like_UTF_16_whatever_their_bytes_are()
    {
        string[] names =
        [
            "", "\u0000", "a", "ab", "a\u0000", "a\uffff", "a\U00010000", "\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff",
            "\ue000", "\uefff", "\uf000", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff", "\U0001f600a", "\U0001f601",
            "\ue000\ue000", "\ue000\U00010000",
        ];
        string json = "{" + string.Join(",", names.Select(name => $"{JsonSerializer.Serialize(name)}:0")) + "}";

        IEnumerable<string> sorted = JsonElement.Parse(Canonical(json)).EnumerateObject().Select(property => property.Name);

        Assert.Equal(names.Order(StringComparer.Ordinal), sorted);
    }

    [Theory]
    [InlineData("""{"b":{"y":1,"x":[{"q":1,"p":2},[]]},"a":{}}""", """{"a":{},"b":{"x":[{"p":2,"q":1},[]],"y":1}}""")]
    [InlineData(""" [ 2 , 1 , [ ] , { } , "" ] """, """[2,1,[],{},""]""")]
    [InlineData(""" {"10":null,"1":true,"":false} """, """{"":false,"1":true,"10":null}""")]
    [InlineData(""" "text" """, "\"text\"")]
    [InlineData("null", "null")]
    public void White_space_goes_arrays_keep_their_order_and_nested_objects_are_sorted(string json, string expected) =>
        Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("""\b\t\n\f\r\"\\""", """\b\t\n\f\r\"\\""")]
    [InlineData("""\u0008\u0009\u000a\u000c\u000d\u0022\u005c""", """\b\t\n\f\r\"\\""")]
    [InlineData("""\u0000\u0001\u000B\u001F""", """\u0000\u0001\u000b\u001f""")]
    [InlineData("""\u0041\/\u007f\u0080\u2028<>&'+\u00e9""", "A/\u007f\u0080\u2028<>&'+é")]
    [InlineData("""A\u030a""", "A\u030a")]
    [InlineData("""\uD83D\uDE00 \ufffd \uffff""", "\U0001f600 \ufffd \uffff")]
    public void Strings_are_escaped_as_RFC_8785_says_and_no_more(string text, string expected)
    {
        Assert.Equal($"\"{expected}\"", Canonical($"\"{text}\""));
        Assert.Equal($$"""{"{{expected}}":1}""", Canonical($$"""{"{{text}}":1}"""));
    }

    [Theory]
    [InlineData("[[1.10,{\"b\":9007199254740993,\"a\":\"\\u001f\\ud83d\\ude00\"}],1e-7]")]
    [InlineData(Sample)]
    public void Canonical_text_is_its_own_canonical_form(string json)
    {
        string once = Canonical(json);

        Assert.NotEqual(json, once);
        Assert.Equal(once, Canonical(once));
    }

    [Fact]
    public void A_large_document_keeps_everything()
    {
        int[] numbers = [.. Enumerable.Range(0, 20_000)];
        string[] properties = [.. numbers.Select(n => $"\"k{n:d5}\":[{n},\"{new string('x', n % 50)}\"]")];
        string expected = $"{{{string.Join(',', properties)}}}";
        string reversed = $"{{{string.Join(',', properties.Reverse())}}}";

        Assert.Equal(expected, Canonical(reversed));
    }

    [Fact]
    public void An_element_inside_a_document_is_taken_alone()
    {
        JsonElement inner = JsonElement.Parse("""{"outer":[0,{"b":1,"a":[]}]}""").GetProperty("outer")[1];

        Assert.Equal("""{"a":[],"b":1}""", Encoding.UTF8.GetString(CanonicalJson.ToUtf8Bytes(inner)));
    }

    [Fact]
    public void The_digest_is_SHA_256_of_the_canonical_form()
    {
        // sha256sum of {"a":1,"b":[true,null]}
        const string expected = "1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668";

        Assert.Equal(expected, CanonicalJson.Sha256Hex(JsonElement.Parse("""{ "b": [true, null], "a": 1.0 }""")));
    }

    [Fact]
    public void Nesting_512_levels_deep_is_accepted_and_513_refused()
    {
        string arrays = new string('[', 512) + new string(']', 512);
        string objects = string.Concat(Enumerable.Repeat("{\"a\":", 511)) + "{}" + new string('}', 511);

        Assert.Equal(arrays, Canonical(arrays));
        Assert.Equal(objects, Canonical(objects));
        Assert.Contains("deeper than 512", Refusal($"[{arrays}]"), StringComparison.Ordinal);
        Assert.Contains("deeper than 512", Refusal($"{{\"a\":{objects}}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1] // comment")]
    [InlineData("/* comment */ 1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("'a'")]
    [InlineData("{a:1}")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("1 2")]
    [InlineData("[1")]
    [InlineData("\ufeff1")]
    public void Text_that_is_not_strict_JSON_is_refused(string json) =>
        Assert.Contains("RFC 8259", Refusal(json), StringComparison.Ordinal);

    [Fact]
    public void What_a_lenient_parser_let_through_is_refused()
    {
        JsonDocumentOptions lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        using JsonDocument commented = JsonDocument.Parse("{\"a\":1 /* x */}", lenient);
        using JsonDocument trailing = JsonDocument.Parse("[1,]", lenient);

        Assert.Throws<ArgumentException>(() => CanonicalJson.ToUtf8Bytes(commented.RootElement));
        Assert.Throws<ArgumentException>(() => CanonicalJson.ToUtf8Bytes(trailing.RootElement));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":1}""", "$.a")]
    [InlineData("""{"a":1,"\u0061":2}""", "$.a")]
    [InlineData("""[0,{"outer":{"b":[{}],"x y":1,"c":{},"x y":3}}]""", "$[1].outer['x y']")]
    [InlineData("""{"":1,"":2}""", "$['']")]
    public void Duplicate_names_are_refused_by_their_place(string json, string place)
    {
        string message = Refusal(json);

        Assert.Contains("occurs twice", message, StringComparison.Ordinal);
        Assert.StartsWith($"the JSON{place[1..]}:", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["\ud800"]""", "[0]")]
    [InlineData("""["\udc00"]""", "[0]")]
    [InlineData("""["\udc00\ud800"]""", "[0]")]
    [InlineData("""["\ud800\ud800\udc00"]""", "[0]")]
    [InlineData("""[[],{"b":{},"a":[1,"\ud83d!"]}]""", "[1].a[1]")]
    [InlineData("""{"a":{"\ud800":1}}""", ".a")]
    public void Escaped_lone_surrogates_are_refused_by_their_place(string json, string place)
    {
        string message = Refusal(json);

        Assert.Contains("UTF-16", message, StringComparison.Ordinal);
        Assert.StartsWith($"the JSON{place}:", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("c0af")]
    [InlineData("eda080")]
    [InlineData("f4908080")]
    [InlineData("e282")]
    public void Ill_formed_UTF_8_is_refused(string hex)
    {
        byte[] text = [(byte)'"', .. Convert.FromHexString(hex), (byte)'"'];
        byte[] name = [(byte)'{', .. text, (byte)':', (byte)'1', (byte)'}'];

        ArgumentException exception = Assert.Throws<ArgumentException>("text", () => CanonicalJson.ToUtf8Bytes(text));
        Assert.Contains("UTF-8", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("name", () => CanonicalJson.ToUtf8Bytes(name));
    }

    [Fact]
    public void A_refusal_never_shows_a_value()
    {
        string[] refused =
        [
            """{"a":"secret\ud800"}""", """{"a":"secret" secret}""", """{"a":"secret","a":"secret"}""", """["secret",secret]""",
            "[\"secret\\q\"]", "[1e999,\"secret\"]",
        ];

        Assert.All(refused, json =>
        {
            ArgumentException exception = Assert.Throws<ArgumentException>(() => CanonicalJson.ToUtf8Bytes(Encoding.UTF8.GetBytes(json)));
            Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("999", exception.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_place_in_a_refusal_is_bounded_and_printable()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"line\\nbreak\":", 100)) + "1e999" + new string('}', 100);
        string wide = $$"""{"{{new string('n', 10_000)}}":1e999}""";

        Assert.InRange(Refusal(deep).Length, 100, 500);
        Assert.InRange(Refusal(wide).Length, 60, 500);
        Assert.DoesNotContain("\n", Refusal(deep), StringComparison.Ordinal);
    }

    [Fact]
    public void An_undefined_element_is_refused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => CanonicalJson.ToUtf8Bytes(default(JsonElement)));

        Assert.Contains("undefined", exception.Message, StringComparison.Ordinal);
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.ToUtf8Bytes(Encoding.UTF8.GetBytes(json)));

    private static string Refusal(string json) => Assert.Throws<ArgumentException>(() => Canonical(json)).Message;
}
