using System.Buffers;
using System.Text.Unicode;

namespace AgentPersistence.Internal.Json;

/// <summary>Strings as RFC 8785 section 3.2.2.2 writes them, and names in the order of its section 3.2.3.</summary>
internal static class CanonicalString
{
    private const byte FirstLiteral = 0x20;

    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, FirstLiteral).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>Writes well-formed UTF-8 text in quotes, escaping what RFC 8785 escapes and nothing else.</summary>
    public static void Write(ReadOnlySpan<byte> text, PooledByteWriter output)
    {
        output.Append((byte)'"');
        for (int next = text.IndexOfAny(Escaped); next >= 0; next = text.IndexOfAny(Escaped))
        {
            output.Append(text[..next]);
            Escape(text[next], output);
            text = text[(next + 1)..];
        }

        output.Append(text);
        output.Append((byte)'"');
    }

    /// <summary>Writes a .NET string the same way.</summary>
    /// <exception cref="JsonRefusedException">The string is not well-formed UTF-16.</exception>
    public static void Write(string text, PooledByteWriter output)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(checked(text.Length * 3));
        try
        {
            if (Utf8.FromUtf16(text, rented, out int read, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                throw IllFormed(read);
            }

            Write(rented.AsSpan(0, written), output);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static JsonRefusedException IllFormed(int index) =>
        new($"a string is not well-formed UTF-16: it holds a lone surrogate at index {index}.", where: null);

    /// <summary>Compares two well-formed UTF-8 names by their UTF-16 code units.</summary>
    public static int CompareByUtf16(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length - right.Length;
        }

        byte a = left[common];
        byte b = right[common];

        // U+E000 to U+FFFF (lead bytes EE, EF) follow the surrogates that spell U+10000 and above (F0 to F4); else the bytes decide.
        bool swapped = a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0);
        return swapped ? b - a : a - b;
    }

    private static void Escape(byte value, PooledByteWriter output)
    {
        output.Append((byte)'\\');
        switch (value)
        {
            case (byte)'\b': output.Append((byte)'b'); break;
            case (byte)'\t': output.Append((byte)'t'); break;
            case (byte)'\n': output.Append((byte)'n'); break;
            case (byte)'\f': output.Append((byte)'f'); break;
            case (byte)'\r': output.Append((byte)'r'); break;
            case >= FirstLiteral: output.Append(value); break;
            default:
                output.Append("u00"u8);
                output.Append("0123456789abcdef"u8[value >> 4]);
                output.Append("0123456789abcdef"u8[value & 15]);
                break;
        }
    }
}
