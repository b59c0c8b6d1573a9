using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPersistence.Internal.Json;

/// <summary>The JSON Canonicalization Scheme, RFC 8785, with one addition: numbers that no double holds may keep their digits.</summary>
/// <remarks>
/// <para>
/// Input is strict JSON (RFC 8259), at most <see cref="MaxDepth"/> containers inside one another. Names are compared after their escapes
/// are resolved and sorted by UTF-16 code units. Strings keep their code points; no Unicode normalisation takes place.
/// </para>
/// <para>
/// The number rule. Let <i>d</i> be the double nearest to the literal and <i>s</i> the text ECMAScript's <c>Number::toString</c> gives for
/// <i>d</i>. No finite <i>d</i>: refused. Otherwise the result is <i>s</i>, as RFC 8785 says, unless <i>s</i> read as a decimal number
/// differs from the literal and the literal keeps its digits:
/// </para>
/// <list type="bullet">
/// <item>An integer literal (no point, no exponent) always does, and is then written as it stands. This needs a magnitude above 2^53, so
/// 9007199254740993 stays itself, while 9007199254740992 is RFC 8785's own text and 10000000000000000000000 is <c>1e+22</c>, like
/// 1e22.</item>
/// <item>A literal with a point and without an exponent does so where the text was written from .NET values
/// (<see cref="NumberRule.DotNet"/>): there only a <see cref="decimal"/> has more digits than its double. It is written without zeros at
/// the end of its fraction. So 1.10m is <c>1.1</c>, 0.1m is <c>0.1</c> like the double, and 12345678901234567.89m keeps all its
/// digits.</item>
/// <item>In JSON text (bytes, <see cref="JsonElement"/>, <see cref="JsonDocument"/>, <see cref="JsonNode"/>, also inside a .NET value) a
/// literal with a point or an exponent is a double: 333333333.33333329 is <c>333333333.3333333</c>, 9007199254740993.0 is
/// <c>9007199254740992</c>, 1e-400 is <c>0</c>.</item>
/// <item>Where readers of the JSON text may not be doubles (<see cref="NumberRule.Exact"/>) every literal does, and is written by its value
/// alone: 9007199254740993.0 is <c>9007199254740993</c>, 0.10000000000000000001e1 is <c>1.0000000000000000001</c>. What is not zero but
/// whose double is, is refused.</item>
/// </list>
/// <para>Every spelling of zero, -0 included, is <c>0</c>. Numbers with one canonical text are one number: a text that was kept is no
/// double's.</para>
/// <para>
/// Refused with <see cref="ArgumentException"/> that names the place, never a value: text that is not strict JSON, deeper nesting, a name
/// that occurs twice in one object, ill-formed UTF-8 or UTF-16 (escaped lone surrogates included), a number without a finite double, and
/// <see cref="JsonValueKind.Undefined"/>. Place names hold property names, cut to a bounded length.
/// </para>
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>The deepest nesting of arrays and objects.</summary>
    public const int MaxDepth = 512;

    /// <summary>The canonical UTF-8 form of UTF-8 JSON text.</summary>
    /// <exception cref="ArgumentException">The text has no canonical form.</exception>
    public static byte[] ToUtf8Bytes(ReadOnlySpan<byte> json, [CallerArgumentExpression(nameof(json))] string? parameterName = null)
    {
        using PooledByteWriter output = new(json.Length);
        try
        {
            WriteCore(json, NumberRule.Json, output);
        }
        catch (JsonRefusedException refused)
        {
            throw refused.ToArgumentException("the JSON", parameterName);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical UTF-8 form of an element.</summary>
    /// <exception cref="ArgumentException">The element has no canonical form.</exception>
    /// <exception cref="ObjectDisposedException">The element's document is disposed.</exception>
    public static byte[] ToUtf8Bytes(JsonElement json, [CallerArgumentExpression(nameof(json))] string? parameterName = null)
    {
        using PooledByteWriter output = new();
        Write(json, NumberRule.Json, output, parameterName);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 over the canonical form, as 64 lower-case hexadecimal digits.</summary>
    /// <inheritdoc cref="ToUtf8Bytes(JsonElement, string?)" path="/exception"/>
    public static string Sha256Hex(
        JsonElement json, NumberRule rule = NumberRule.Json, [CallerArgumentExpression(nameof(json))] string? parameterName = null)
    {
        using PooledByteWriter output = new();
        Write(json, rule, output, parameterName);
        return Sha256Hex(output);
    }

    /// <summary>SHA-256 over what was written, as 64 lower-case hexadecimal digits.</summary>
    public static string Sha256Hex(PooledByteWriter written)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(written.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Writes the canonical form of any value that System.Text.Json can serialise.</summary>
    /// <param name="value">A .NET value, or JSON as an element, a document or a node.</param>
    /// <param name="declared">The type whose polymorphism settings count, if it has any.</param>
    /// <param name="output">Receives the canonical form.</param>
    /// <param name="parameterName">The caller's parameter.</param>
    /// <param name="position">The value's position where the parameter is a list.</param>
    /// <exception cref="ArgumentException">The value has no canonical form.</exception>
    public static void WriteValue(object? value, Type? declared, PooledByteWriter output, string parameterName, int? position = null)
    {
        try
        {
            WriteCore(value, declared, output);
        }
        catch (JsonRefusedException refused)
        {
            throw refused.ToArgumentException(Describe(parameterName, position), parameterName);
        }
        catch (JsonException exception)
        {
            string place = Describe(parameterName, position) + JsonRefusedException.WithoutRoot(exception.Path);
            throw new ArgumentException(
                $"{place} cannot be serialised: it is cyclic, deeper than {MaxDepth} levels, or its converter failed.",
                parameterName,
                exception);
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            throw new ArgumentException(
                $"{Describe(parameterName, position)} cannot be serialised: its type has no JSON form, or it holds NaN or an infinity.",
                parameterName,
                exception);
        }
    }

    /// <exception cref="JsonRefusedException">The element has no canonical form.</exception>
    public static void WriteCore(JsonElement json, PooledByteWriter output, NumberRule rule = NumberRule.Json)
    {
        if (json.ValueKind == JsonValueKind.Undefined)
        {
            throw new JsonRefusedException("an undefined JsonElement holds no JSON.", where: null);
        }

        WriteCore(JsonMarshal.GetRawUtf8Value(json), rule, output);
    }

    /// <exception cref="JsonRefusedException">The node has no canonical form.</exception>
    public static void WriteCore(JsonNode json, PooledByteWriter output)
    {
        using PooledByteWriter text = new();
        CanonicalSerialization.Write(json, text);
        WriteCore(text.WrittenSpan, NumberRule.Json, output);
    }

    private static string Describe(string parameterName, int? position) =>
        position is null ? parameterName : $"{parameterName}[{position}]";

    private static void Write(JsonElement json, NumberRule rule, PooledByteWriter output, string? parameterName)
    {
        try
        {
            WriteCore(json, output, rule);
        }
        catch (JsonRefusedException refused)
        {
            throw refused.ToArgumentException("the JSON", parameterName);
        }
    }

    private static void WriteCore(object? value, Type? declared, PooledByteWriter output)
    {
        switch (value)
        {
            case null:
                output.Append("null"u8);
                break;
            case string text:
                CanonicalString.Write(text, output);
                break;
            case JsonElement element:
                WriteCore(element, output);
                break;
            case JsonDocument document:
                WriteCore(document.RootElement, output);
                break;
            case JsonNode node:
                WriteCore(node, output);
                break;
            default:
                using (PooledByteWriter serialised = new())
                {
                    CanonicalSerialization.Write(value, declared, serialised);
                    WriteCore(serialised.WrittenSpan, NumberRule.DotNet, output);
                }

                break;
        }
    }

    private static void WriteCore(ReadOnlySpan<byte> json, NumberRule rule, PooledByteWriter output)
    {
        using JsonTokenList tokens = new(json.Length);
        CanonicalReader.Read(json, rule, tokens);
        new CanonicalWriter(tokens, output).Write();
    }
}
