using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AgentPersistence.Idempotency;

namespace AgentPersistence.Tests.Idempotency;

public class IdempotencyKeyTests
{
    private enum Colour
    {
        Red,
        Green,
    }

    // SHA-256 of canonical texts written by hand; a change here is a change of every stored key.
    [Fact]
    public void The_key_format_never_changes()
    {
        // ["transfer","acct-42",1.1,null]
        Assert.Equal(
            "v1:9273040194db484500957a900159845a6e10c663058538a0d1ebf97ebe9b239e", IdempotencyKey.From("transfer", "acct-42", 1.10m, null));

        // ["Grüße €\n\"\u001f","😀",9007199254740993,1e+21]
        Assert.Equal(
            "v1:d3e2d1b9c78aa067a50bbfb03386f8b7d93496016f16ff53800ad0f404397f08",
            IdempotencyKey.From("Grüße €\n\"\u001f", "\U0001f600", 9007199254740993, 1e21));

        // {"amount":12345678901234567.89,"currency":"EUR","lines":[{"quantity":2,"sku":"a"},{"quantity":1,"sku":"b"}],"note":null}
        Order order = new("EUR", 12345678901234567.890m, [new("a", 2), new("b", 1)], null);
        Assert.Equal("v1:3352313bfbd74be123f027b260b8ae2e7e496d0ce304bbb0f6fc1bc25bc5874d", IdempotencyKey.Fingerprint(order));

        // null
        Assert.Equal("v1:74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b", IdempotencyKey.Fingerprint<string?>(null));
    }

    [Fact]
    public void The_parts_are_one_array_and_a_payload_is_itself()
    {
        Assert.Equal(IdempotencyKey.Fingerprint(new object?[] { "a", 1, null }), IdempotencyKey.From("a", 1, null));
        Assert.NotEqual(IdempotencyKey.Fingerprint("a"), IdempotencyKey.From("a"));
    }

    public static TheoryData<object?, object?> Same { get; } = new()
    {
        { 1, 1L },
        { 1, 1.0 },
        { 1, 1.00m },
        { 1, (Int128)1 },
        { 1, BigInteger.One },
        { 1.1m, 1.10m },
        { 0.1m, 0.1 },
        { 0.1f, 0.1 },
        { 0.0, -0.0 },
        { 0m, -0.00m },
        { 9007199254740993, 9007199254740993m },
        { 9007199254740993, 9007199254740993.0m },
        { ulong.MaxValue, (BigInteger)ulong.MaxValue },
        { ulong.MaxValue, (UInt128)ulong.MaxValue },
        { 1e22, BigInteger.Pow(10, 22) },
        { 1e22, 10000000000000000000000m },
        { 'a', "a" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "2026-01-02T03:04:05+00:00" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "2026-01-02T03:04:05Z" },
        { Colour.Green, 1 },
        { new { Name = "n", Count = 1 }, new Dictionary<string, object> { ["count"] = 1, ["name"] = "n" } },
        { new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }, new SortedDictionary<string, int> { ["a"] = 2, ["b"] = 1 } },
        { new List<int> { 1, 2 }, new[] { 1, 2 } },
        { JsonElement.Parse(""" { "b" : 1.0, "a" : [ "\u0041" ] } """), new { A = new[] { "A" }, B = 1 } },
        { JsonElement.Parse("333333333.33333329"), JsonElement.Parse("333333333.3333333") },
        { JsonElement.Parse("333333333.33333329"), JsonNode.Parse("333333333.33333329") },
        { JsonDocument.Parse("[1,{}]"), JsonElement.Parse("[1,{}]") },
        { new JsonObject { ["b"] = 1, ["a"] = null }, JsonElement.Parse("""{"a":null,"b":1}""") },
        { new { Inner = JsonElement.Parse("333333333.33333329") }, JsonElement.Parse("""{"inner":333333333.3333333}""") },
        { new { Inner = JsonNode.Parse("[333333333.33333329]") }, JsonElement.Parse("""{"inner":[333333333.3333333]}""") },
        { new { Inner = new JsonObject { ["x"] = 1 } }, JsonElement.Parse("""{"inner":{"x":1}}""") },
        { new { Inner = JsonDocument.Parse("[333333333.33333329]") }, JsonElement.Parse("""{"inner":[333333333.3333333]}""") },
        { new { Inner = JsonElement.Parse("9007199254740993") }, new { Inner = 9007199254740993 } },
        { JsonElement.Parse("null"), null },
    };

    [Theory]
    [MemberData(nameof(Same), DisableDiscoveryEnumeration = true)]
    public void The_same_content_is_the_same_key(object? left, object? right)
    {
        Assert.Equal(IdempotencyKey.From(left), IdempotencyKey.From(right));
        Assert.Equal(IdempotencyKey.Fingerprint(left), IdempotencyKey.Fingerprint(right));
    }

    public static TheoryData<object?, object?> Different { get; } = new()
    {
        { "1", 1 },
        { "true", true },
        { "null", null },
        { "", null },
        { "", " " },
        { "a", "A" },
        { "\u00e5", "A\u030a" },
        { "\ufffd", "?" },
        { Array.Empty<int>(), null },
        { Array.Empty<int>(), new Dictionary<string, int>() },
        { new[] { 1, 2 }, new[] { 2, 1 } },
        { 9007199254740993, 9007199254740992 },
        { long.MaxValue, long.MaxValue - 1 },
        { ulong.MaxValue, ulong.MaxValue - 1 },
        { Int128.MaxValue, Int128.MaxValue - 1 },
        { BigInteger.Pow(3, 100), BigInteger.Pow(3, 100) + 1 },
        { new BigInteger(3), new BigInteger(5) },
        { 12345678901234567.89m, 12345678901234567.88m },
        { 333333333.33333329m, 333333333.3333333 },
        { new { A = (int?)null }, new { B = (int?)null } },
        { new { A = (int?)null }, new { } },
        { (1, "a"), (2, "a") },
        { new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.FromHours(1)) },
        { JsonElement.Parse("9007199254740993"), JsonElement.Parse("9007199254740992") },
        { new { Inner = JsonElement.Parse("9007199254740993") }, new { Inner = JsonElement.Parse("9007199254740992") } },
    };

    [Theory]
    [MemberData(nameof(Different), DisableDiscoveryEnumeration = true)]
    public void Different_content_is_another_key(object? left, object? right)
    {
        Assert.NotEqual(IdempotencyKey.From(left), IdempotencyKey.From(right));
        Assert.NotEqual(IdempotencyKey.Fingerprint(left), IdempotencyKey.Fingerprint(right));
    }

    [Fact]
    public void Parts_cannot_run_into_each_other()
    {
        string[] keys =
        [
            IdempotencyKey.From("a", "b"), IdempotencyKey.From("ab"), IdempotencyKey.From("a,b"), IdempotencyKey.From("a\",\"b"),
            IdempotencyKey.From("b", "a"), IdempotencyKey.From("a", "b", null), IdempotencyKey.From("a", "b", ""),
            IdempotencyKey.From(new List<string> { "a", "b" }), IdempotencyKey.From(JsonElement.Parse("""["a","b"]""")),
        ];

        Assert.Equal(keys[^1], keys[^2]);
        Assert.Equal(keys.Length - 1, keys.Distinct().Count());
    }

    [Fact]
    public void A_payload_counts_as_what_it_is_and_not_as_the_type_it_was_passed_as()
    {
        Animal cat = new Cat("Tom", 9);

        Assert.Equal(IdempotencyKey.Fingerprint(new Cat("Tom", 9)), IdempotencyKey.Fingerprint(cat));
        Assert.NotEqual(IdempotencyKey.Fingerprint<Animal>(new Cat("Tom", 8)), IdempotencyKey.Fingerprint(cat));
    }

    [Fact]
    public void A_type_discriminator_is_part_of_the_fingerprint() =>
        Assert.NotEqual(IdempotencyKey.Fingerprint<Command>(new Start("x")), IdempotencyKey.Fingerprint<Command>(new Stop("x")));

    [Fact]
    public void Attributes_on_members_do_not_stand_in_the_way()
    {
        Annotated value = new() { Price = 1.10m, Text = 5, More = new() { ["extra"] = JsonElement.Parse("1.0") }, Hidden = "x" };
        JsonElement expected = JsonElement.Parse("""{"p":1.1,"text":"5","extra":1}""");

        Assert.Equal(IdempotencyKey.Fingerprint(expected), IdempotencyKey.Fingerprint(value));
    }

    [Fact]
    public void No_part_is_refused()
    {
        Assert.Throws<ArgumentException>("parts", () => IdempotencyKey.From());
        Assert.Throws<ArgumentNullException>("parts", () => IdempotencyKey.From(null!));
        Assert.NotEqual(IdempotencyKey.From(""), IdempotencyKey.From((object?)null));
    }

    public static TheoryData<object, string> Refused { get; } = new()
    {
        { "secret\ud800", "" },
        { "\udc00secret", "" },
        { '\ud800', "" },
        { new { Note = "secret\ud800!" }, ".Note" },
        { new { Notes = new[] { "fine \U0001f600", "secret\udc00" } }, ".Notes" },
        { new Dictionary<string, string> { ["secret\ud800"] = "" }, "" },
        { new JsonObject { ["a"] = "secret\ud800" }, "" },
        { new JsonObject { ["secret\udc00"] = 1 }, "" },
        { new { Inner = new JsonObject { ["a"] = "secret\ud800" } }, ".Inner" },
        { JsonElement.Parse("""{"a":["secret",{"b":"\ud800"}]}"""), ".a[1].b" },
        { new { Inner = JsonElement.Parse("""{"a":["secret","\ud800"]}""") }, ".Inner.a[1]" },
        { new { Inner = JsonElement.Parse("""{"a":"secret","a":1}""") }, ".Inner.a" },
        { JsonElement.Parse("""[1e400]"""), "[0]" },
        { new { Inner = default(JsonElement) }, ".Inner" },
        { default(JsonElement), "" },
        { BigInteger.Pow(10, 400), "" },
        { BigInteger.Pow(2, 1024), "" },
        { double.NaN, "" },
        { float.PositiveInfinity, "" },
        { new { Ratio = double.NegativeInfinity }, "" },
        { new Action(() => { }), "" },
        { typeof(string), "" },
        { Cycle(), ".Next" },
        { Nested(513), "" },
        { NestedNode(513), "" },
        { NestedNode(1_000), "" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_has_no_canonical_form_is_refused_by_its_place_and_never_shown(object part, string place)
    {
        ArgumentException fromParts = Assert.Throws<ArgumentException>("parts", () => IdempotencyKey.From("fine", part));
        ArgumentException fromPayload = Assert.Throws<ArgumentException>("payload", () => IdempotencyKey.Fingerprint(part));

        Assert.StartsWith($"parts[1]{place}", fromParts.Message, StringComparison.Ordinal);
        Assert.StartsWith($"payload{place}", fromPayload.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fromParts.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_part_may_be_512_levels_deep()
    {
        Assert.Equal(IdempotencyKey.From(Nested(512)), IdempotencyKey.From(NestedNode(512)));
        Assert.NotEqual(IdempotencyKey.From(Nested(512)), IdempotencyKey.From(Nested(511)));
    }

    [Fact]
    public void A_disposed_document_is_reported_as_such()
    {
        JsonDocument document = JsonDocument.Parse("{}");
        document.Dispose();

        Assert.Throws<ObjectDisposedException>(() => IdempotencyKey.From(document));
    }

    [Fact]
    public void Keys_are_the_same_on_many_threads()
    {
        Order order = new("EUR", 1m, [.. Enumerable.Range(0, 200).Select(i => new Line($"sku {i} \U0001f600", i))], "note");
        string expected = IdempotencyKey.From("order", order);

        Parallel.For(0, 200, _ => Assert.Equal(expected, IdempotencyKey.From("order", order)));
    }

    private static object Nested(int levels) =>
        Enumerable.Range(1, levels).Aggregate((object)"leaf", (inner, level) => level == 1 ? Array.Empty<object>() : new[] { inner });

    private static JsonArray NestedNode(int levels) =>
        Enumerable.Range(1, levels - 1).Aggregate(new JsonArray(), (inner, _) => new JsonArray((JsonNode)inner));

    private static Node Cycle()
    {
        Node node = new();
        node.Next = node;
        return node;
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed record Order(string Currency, decimal Amount, IReadOnlyList<Line> Lines, string? Note);

    private sealed record Line(string Sku, int Quantity);

    private record Animal(string Name);

    private sealed record Cat(string Name, int Lives) : Animal(Name);

    [JsonDerivedType(typeof(Start), "start")]
    [JsonDerivedType(typeof(Stop), "stop")]
    private abstract record Command(string Target);

    private sealed record Start(string Target) : Command(Target);

    private sealed record Stop(string Target) : Command(Target);

    private sealed class Annotated
    {
        [JsonPropertyName("p")]
        public decimal Price { get; init; }

        [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
        public int Text { get; init; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; init; }

        [JsonIgnore]
        public string? Hidden { get; init; }
    }
}
