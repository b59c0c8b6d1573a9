using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentPersistence.Internal.Json;

/// <summary>.NET values to the JSON text that is then canonicalised: the web defaults, and nothing that lets two values become one
/// text.</summary>
internal static class CanonicalSerialization
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = StrictJsonEncoder.Instance, MaxDepth = CanonicalJson.MaxDepth, SkipValidation = true };

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = StrictJsonEncoder.Instance,
        MaxDepth = CanonicalJson.MaxDepth,
        IncludeFields = true, // else every ValueTuple is {}
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), // else a type cannot be asked about before the first value was written
        Converters = { new ElementConverter(), new DocumentConverter(), new NodeConverter(), new BigIntegerConverter() },
    };

    /// <summary>Serialises by <paramref name="declared"/> where that carries a type discriminator, else by the value's own type.</summary>
    public static void Write(object value, Type? declared, PooledByteWriter output)
    {
        bool isPolymorphic = declared is not null && Options.GetTypeInfo(declared).PolymorphismOptions is not null;
        using Utf8JsonWriter writer = new(output, WriterOptions);
        JsonSerializer.Serialize(writer, value, isPolymorphic ? declared! : value.GetType(), Options);
    }

    /// <summary>A node's own JSON text, in which a number is what JSON says it is.</summary>
    public static void Write(JsonNode node, PooledByteWriter output)
    {
        using Utf8JsonWriter writer = new(output, WriterOptions);
        try
        {
            node.WriteTo(writer);
        }
        catch (InvalidOperationException) when (writer.CurrentDepth >= CanonicalJson.MaxDepth)
        {
            throw new JsonRefusedException($"nested deeper than {CanonicalJson.MaxDepth} levels.", where: null);
        }
    }

    /// <summary>JSON inside .NET values is made canonical first, so that its numbers follow the rule for JSON text.</summary>
    private abstract class OneWayConverter<T> : JsonConverter<T>
    {
        public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        protected static void WriteCanonical(JsonElement element, Utf8JsonWriter writer)
        {
            using PooledByteWriter canonical = new();
            CanonicalJson.WriteCore(element, canonical);
            writer.WriteRawValue(canonical.WrittenSpan, skipInputValidation: true);
        }
    }

    private sealed class ElementConverter : OneWayConverter<JsonElement>
    {
        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            WriteCanonical(value, writer);
    }

    private sealed class DocumentConverter : OneWayConverter<JsonDocument>
    {
        public override void Write(Utf8JsonWriter writer, JsonDocument value, JsonSerializerOptions options) =>
            WriteCanonical(value.RootElement, writer);
    }

    private sealed class NodeConverter : OneWayConverter<JsonNode>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(JsonNode).IsAssignableFrom(typeToConvert);

        public override void Write(Utf8JsonWriter writer, JsonNode value, JsonSerializerOptions options)
        {
            using PooledByteWriter canonical = new();
            CanonicalJson.WriteCore(value, canonical);
            writer.WriteRawValue(canonical.WrittenSpan, skipInputValidation: true);
        }
    }

    private sealed class BigIntegerConverter : OneWayConverter<BigInteger>
    {
        private const int DoubleRangeBits = 1024;

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
            writer.WriteRawValue(TextOf(value), skipInputValidation: true);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
            writer.WritePropertyName(TextOf(value));

        private static string TextOf(BigInteger value) => value.GetBitLength() <= DoubleRangeBits + 1
            ? value.ToString(CultureInfo.InvariantCulture)
            : throw new JsonRefusedException("a number lies beyond the range of a double.", where: null);
    }
}
