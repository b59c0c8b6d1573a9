using System.Globalization;

namespace AgentPersistence.Internal.Json;

/// <summary>Which number literals keep digits that a double cannot hold; <see cref="CanonicalJson"/> states the whole rule.</summary>
internal enum NumberRule
{
    /// <summary>JSON text: integers only, everything else is a double as RFC 8785 says.</summary>
    Json,

    /// <summary>Written from .NET values: a literal with a fraction is a <see cref="decimal"/> and keeps its digits too.</summary>
    DotNet,

    /// <summary>JSON text whose readers may not be doubles: every literal keeps its digits, so only equal numbers have one text.</summary>
    Exact,
}

/// <summary>Numbers as RFC 8785 section 3.2.2.3 writes them (ECMAScript <c>Number::toString</c>), with the rule's one addition.</summary>
internal static class CanonicalNumber
{
    private const int AlwaysExactDigits = 15;
    private const NumberStyles Literal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Writes a number literal of valid JSON; answers false, having written nothing, where no finite double is near it.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> literal, NumberRule rule, PooledByteWriter output)
    {
        bool isInteger = literal.IndexOfAny(".eE"u8) < 0;
        if (isInteger && literal.Length <= AlwaysExactDigits && literal is not [(byte)'-', (byte)'0'])
        {
            output.Append(literal);
            return true;
        }

        double value = double.Parse(literal, Literal, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || (rule == NumberRule.Exact && value == 0 && !IsZero(literal)))
        {
            return false;
        }

        Span<byte> roundTrip = stackalloc byte[32];
        int length = FormatShortest(value, roundTrip);
        Span<byte> digits = stackalloc byte[32];
        DecimalDigits shortest = DecimalDigits.Parse(roundTrip[..length], digits);
        if (!MayKeep(literal, isInteger, rule) || IsSameValue(literal, shortest))
        {
            WriteEcmaScript(shortest, output);
        }
        else if (rule == NumberRule.Exact)
        {
            WriteExact(literal, output);
        }
        else
        {
            output.Append(isInteger ? literal : literal.TrimEnd((byte)'0').TrimEnd((byte)'.'));
        }

        return true;
    }

    private static bool MayKeep(ReadOnlySpan<byte> literal, bool isInteger, NumberRule rule) => rule switch
    {
        NumberRule.Json => isInteger,
        NumberRule.DotNet => isInteger || literal.IndexOfAny((byte)'e', (byte)'E') < 0,
        _ => !IsZero(literal),
    };

    private static bool IsZero(ReadOnlySpan<byte> literal)
    {
        int e = literal.IndexOfAny((byte)'e', (byte)'E');
        return (e < 0 ? literal : literal[..e]).IndexOfAnyInRange((byte)'1', (byte)'9') < 0;
    }

    /// <summary>Whole numbers are written out, as the other rules write integer literals; all others as a double would be.</summary>
    private static void WriteExact(ReadOnlySpan<byte> literal, PooledByteWriter output)
    {
        DecimalDigits exact = DecimalDigits.Parse(literal, new byte[literal.Length]);
        if (exact.Digits.Length > exact.Point)
        {
            WriteEcmaScript(exact, output);
            return;
        }

        output.Append(exact.IsNegative ? "-"u8 : default);
        output.Append(exact.Digits);
        WriteZeros(exact.Point - exact.Digits.Length, output);
    }

    private static int FormatShortest(double value, Span<byte> text)
    {
        const ulong fractionBits = (1UL << 52) - 1;
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        bool isPowerOfTwo = (BitConverter.DoubleToUInt64Bits(value) & fractionBits) == 0;
        if (isPowerOfTwo && double.Parse(text[..length], Literal, CultureInfo.InvariantCulture) != value)
        {
            // .NET 9 and 10 drop a digit that 2^-25 and 2^-958 need.
            value.TryFormat(text, out length, "E16", CultureInfo.InvariantCulture);
        }

        return length;
    }

    private static bool IsSameValue(ReadOnlySpan<byte> literal, DecimalDigits shortest)
    {
        Span<byte> digits = literal.Length <= 256 ? stackalloc byte[literal.Length] : new byte[literal.Length];
        DecimalDigits exact = DecimalDigits.Parse(literal, digits);
        return exact.Digits.SequenceEqual(shortest.Digits) && (exact.Digits.IsEmpty || exact.Point == shortest.Point);
    }

    /// <summary>ECMA-262 <c>Number::toString</c>, radix 10: k is the count of digits, n the place of the decimal point.</summary>
    private static void WriteEcmaScript(DecimalDigits number, PooledByteWriter output)
    {
        ReadOnlySpan<byte> digits = number.Digits;
        int k = digits.Length;
        int n = number.Point;
        if (k == 0)
        {
            output.Append((byte)'0');
            return;
        }

        if (number.IsNegative)
        {
            output.Append((byte)'-');
        }

        switch (n)
        {
            case > 0 and <= 21 when k <= n:
                output.Append(digits);
                WriteZeros(n - k, output);
                break;
            case > 0 and <= 21:
                output.Append(digits[..n]);
                output.Append((byte)'.');
                output.Append(digits[n..]);
                break;
            case > -6 and <= 0:
                output.Append("0."u8);
                WriteZeros(-n, output);
                output.Append(digits);
                break;
            default:
                WriteWithExponent(digits, n - 1, output);
                break;
        }
    }

    private static void WriteWithExponent(ReadOnlySpan<byte> digits, int exponent, PooledByteWriter output)
    {
        output.Append(digits[0]);
        if (digits.Length > 1)
        {
            output.Append((byte)'.');
            output.Append(digits[1..]);
        }

        output.Append(exponent < 0 ? "e-"u8 : "e+"u8);
        Math.Abs(exponent).TryFormat(output.GetSpan(4), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void WriteZeros(int count, PooledByteWriter output)
    {
        output.GetSpan(count)[..count].Fill((byte)'0');
        output.Advance(count);
    }

    /// <summary>0.Digits × 10^Point, the digits without zeros at either end; zero has none.</summary>
    private readonly ref struct DecimalDigits(ReadOnlySpan<byte> digits, int point, bool isNegative)
    {
        public ReadOnlySpan<byte> Digits { get; } = digits;
        public int Point { get; } = point;
        public bool IsNegative { get; } = isNegative;

        /// <summary>Takes a literal apart; <paramref name="buffer"/> must be as long, and an exponent must fit an int.</summary>
        public static DecimalDigits Parse(ReadOnlySpan<byte> literal, Span<byte> buffer)
        {
            bool isNegative = literal[0] == (byte)'-';
            ReadOnlySpan<byte> mantissa = isNegative ? literal[1..] : literal;
            int exponent = 0;
            int e = mantissa.IndexOfAny((byte)'e', (byte)'E');
            if (e >= 0)
            {
                exponent = int.Parse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                mantissa = mantissa[..e];
            }

            int dot = mantissa.IndexOf((byte)'.');
            ReadOnlySpan<byte> whole = dot < 0 ? mantissa : mantissa[..dot];
            ReadOnlySpan<byte> fraction = dot < 0 ? default : mantissa[(dot + 1)..];
            whole.CopyTo(buffer);
            fraction.CopyTo(buffer[whole.Length..]);
            ReadOnlySpan<byte> all = buffer[..(whole.Length + fraction.Length)];
            ReadOnlySpan<byte> significant = all.TrimStart((byte)'0');
            int leadingZeros = all.Length - significant.Length;
            return new(significant.TrimEnd((byte)'0'), whole.Length - leadingZeros + exponent, isNegative);
        }
    }
}
