using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AgentPersistence.Internal.Json;

/// <summary>
/// Refuses ill-formed UTF-16, which every encoder that comes with .NET replaces by U+FFFD: two different strings would become one key.
/// The methods are unsafe because the overridden ones are declared with pointers.
/// </summary>
internal sealed class StrictJsonEncoder : JavaScriptEncoder
{
    private const int FirstLiteral = 0x20;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, FirstLiteral).Select(c => (char)c), '"', '\\']);

    private static readonly SearchValues<byte> EscapedUtf8 =
        SearchValues.Create([.. Enumerable.Range(0, FirstLiteral).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    public static readonly StrictJsonEncoder Instance = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < FirstLiteral or '"' or '\\';

    /// <exception cref="JsonRefusedException">The text is not well-formed UTF-16.</exception>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        ReadOnlySpan<char> chars = new(text, textLength);
        int illFormed = IndexOfLoneSurrogate(chars);
        return illFormed < 0 ? chars.IndexOfAny(Escaped) : throw CanonicalString.IllFormed(illFormed);
    }

    /// <exception cref="JsonRefusedException">The text is not well-formed UTF-8.</exception>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => Utf8.IsValid(utf8Text)
        ? utf8Text.IndexOfAny(EscapedUtf8)
        : throw new JsonRefusedException("a string is not well-formed UTF-8.", where: null);

    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        new Span<char>(buffer, bufferLength).TryWrite($"\\u{unicodeScalar:x4}", out numberOfCharactersWritten);

    private static int IndexOfLoneSurrogate(ReadOnlySpan<char> text)
    {
        int index = text.IndexOfAnyInRange('\ud800', '\udfff');
        while (index >= 0 && Rune.DecodeFromUtf16(text[index..], out _, out _) == OperationStatus.Done)
        {
            int next = text[(index + 2)..].IndexOfAnyInRange('\ud800', '\udfff');
            index = next < 0 ? next : index + 2 + next;
        }

        return index;
    }
}
