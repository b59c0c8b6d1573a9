using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentPersistence.Internal;

internal static partial class Input
{
    public const int MaxJsonDepth = 512;

    // One more than allowed, so that too deep is told from not strict by a token and not by an exception's text.
    private static readonly JsonReaderOptions StrictJson = new() { MaxDepth = MaxJsonDepth + 1 };

    /// <summary>The exact text of a JSON value, or null where there is none; JSON null is the text <c>null</c>.</summary>
    public static string? Json(JsonElement? value, string argument, int maxBytes)
    {
        if (value is not { } element)
            return null;
        var json = RawJson(element, argument);
        if (json.Length > maxBytes)
            throw new ArgumentException($"The JSON must not exceed {maxBytes} bytes of UTF-8.", argument);
        if (!Utf8.IsValid(json))
            throw new ArgumentException("The JSON must be well-formed UTF-8.", argument);
        CheckJson(json, argument);
        return Encoding.UTF8.GetString(json);
    }

    private static ReadOnlySpan<byte> RawJson(JsonElement element, string argument)
    {
        try
        {
            if (element.ValueKind is JsonValueKind.Undefined)
                throw new ArgumentException("The JSON is undefined: pass null for no value, or a parsed element.", argument);
            return JsonMarshal.GetRawUtf8Value(element);
        }
        catch (ObjectDisposedException)
        {
            throw new ArgumentException("The JSON's document is disposed: keep it until the call has started, or pass a clone.", argument);
        }
    }

    private static void CheckJson(ReadOnlySpan<byte> json, string argument)
    {
        var reader = new Utf8JsonReader(json, StrictJson);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == MaxJsonDepth && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
                    throw new ArgumentException($"The JSON must not be deeper than {MaxJsonDepth} levels.", argument);
            }
        }
        catch (JsonException exception)
        {
            // The reader's own message quotes the text, so only the position is passed on.
            throw new ArgumentException(
                "The JSON must be strict RFC 8259, without comments or trailing commas; it is not at line "
                + $"{exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.",
                argument);
        }
    }
}
