using System.Text.Json;
using System.Text.Unicode;

namespace AgentPersistence.Internal.Json;

/// <summary>Reads strict JSON (RFC 8259) into tokens and refuses what I-JSON (RFC 7493), on which RFC 8785 stands, leaves without a
/// meaning.</summary>
internal static class CanonicalReader
{
    /// <exception cref="JsonRefusedException">The text has no canonical form. Duplicate names are found by
    /// <see cref="CanonicalWriter"/>.</exception>
    public static void Read(ReadOnlySpan<byte> json, NumberRule rule, JsonTokenList tokens)
    {
        // One level more than allowed, so that too deep is told apart from malformed.
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth + 1 });
        Span<int> open = stackalloc int[CanonicalJson.MaxDepth];
        try
        {
            while (reader.Read())
            {
                ReadToken(ref reader, rule, tokens, open);
            }
        }
        catch (JsonException exception) when (exception is not JsonRefusedException)
        {
            // The reader's own message quotes the payload, so it is not carried along.
            throw new JsonRefusedException(
                $"not strict JSON (RFC 8259) at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of its text.",
                where: null);
        }
    }

    private static void ReadToken(ref Utf8JsonReader reader, NumberRule rule, JsonTokenList tokens, scoped Span<int> open)
    {
        int start = tokens.Text.WrittenCount;
        int next = tokens.Count + 1;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (reader.CurrentDepth >= CanonicalJson.MaxDepth)
                {
                    throw tokens.Refuse($"nested deeper than {CanonicalJson.MaxDepth} levels.", tokens.Count);
                }

                open[reader.CurrentDepth] = tokens.Count;
                next = int.MaxValue;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                tokens.Close(open[reader.CurrentDepth]);
                return;
            case JsonTokenType.String:
                ReadString(ref reader, "a string", tokens);
                break;
            case JsonTokenType.PropertyName:
                ReadString(ref reader, "a property name", tokens);
                break;
            case JsonTokenType.Number when !CanonicalNumber.TryWrite(reader.ValueSpan, rule, tokens.Text):
                throw tokens.Refuse("a number lies beyond the range of a double.", tokens.Count);
        }

        tokens.Add(new(reader.TokenType, reader.ValueIsEscaped, start, tokens.Text.WrittenCount - start, next));
    }

    private static void ReadString(ref Utf8JsonReader reader, string what, JsonTokenList tokens)
    {
        ReadOnlySpan<byte> raw = reader.ValueSpan;
        if (!Utf8.IsValid(raw))
        {
            throw tokens.Refuse($"{what} is not well-formed UTF-8.", tokens.Count);
        }

        if (!reader.ValueIsEscaped)
        {
            tokens.Text.Append(raw);
            return;
        }

        try
        {
            tokens.Text.Advance(reader.CopyString(tokens.Text.GetSpan(raw.Length)));
        }
        catch (InvalidOperationException)
        {
            throw tokens.Refuse($"{what} is not well-formed UTF-16: it holds an escaped lone surrogate.", tokens.Count);
        }
    }
}
