using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Tests.Internal.Json;

public class CanonicalNumberTests
{
    // RFC 8785 appendix B
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Doubles_are_written_as_in_RFC_8785_appendix_B(string bits, string expected)
    {
        double value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        Assert.Equal(expected, Canonical(value.ToString("E16", CultureInfo.InvariantCulture)));
        Assert.Equal(expected, Canonical(expected));
    }

    [Fact]
    public void Many_doubles_are_written_as_ECMAScript_writes_them()
    {
        using PooledByteWriter all = new();
        Span<byte> literal = stackalloc byte[32];
        foreach (double value in ManyDoubles())
        {
            value.TryFormat(literal, out int length, "E16", CultureInfo.InvariantCulture);
            Assert.True(CanonicalNumber.TryWrite(literal[..length], NumberRule.Json, all));
            all.Append((byte)'\n');
        }

        // SHA-256 of the same lines written by Node.js with String(value).
        Assert.Equal("95d3bef54e2a1261514605a17f0fe97e8a87121665bdcfcef97396bc543f36b4", CanonicalJson.Sha256Hex(all));
    }

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("0e5", "0")]
    [InlineData("0.00e+99999999999", "0")]
    [InlineData("-0E-0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("100e-2", "1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("-123456789012345678", "-123456789012345678")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1E30", "1e+30")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("-1.25e-9", "-1.25e-9")]
    [InlineData("1e-400", "0")]
    [InlineData("-1e-99999999999", "0")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    public void Every_spelling_of_a_number_has_one_form(string literal, string expected)
    {
        Assert.Equal(expected, Canonical(literal));
        Assert.Equal(expected, Canonical(literal, NumberRule.DotNet));
    }

    [Theory]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-9007199254740993", "-9007199254740993")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("295147905179352825856", "295147905179352825856")]
    [InlineData("295147905179352830000", "295147905179352830000")]
    [InlineData("999999999999999900000", "999999999999999900000")]
    [InlineData("10000000000000000000000", "1e+22")]
    [InlineData("10000000000000000000001", "10000000000000000000001")]
    [InlineData("170141183460469231731687303715884105727", "170141183460469231731687303715884105727")]
    public void An_integer_literal_keeps_the_digits_that_its_double_loses(string literal, string expected)
    {
        Assert.Equal(expected, Canonical(literal));
        Assert.Equal(expected, Canonical(literal, NumberRule.DotNet));
    }

    [Theory]
    [InlineData("333333333.33333329", "333333333.3333333", "333333333.33333329")]
    [InlineData("9007199254740993.0", "9007199254740992", "9007199254740993")]
    [InlineData("12345678901234567.8900", "12345678901234568", "12345678901234567.89")]
    [InlineData("-0.1000000000000000055511151231", "-0.1", "-0.1000000000000000055511151231")]
    [InlineData("0.00000012345678901234567890", "1.2345678901234568e-7", "0.0000001234567890123456789")]
    [InlineData("10000000000000000000000.0", "1e+22", "1e+22")]
    [InlineData("0.10", "0.1", "0.1")]
    [InlineData("1.23456789012345678e2", "123.45678901234568", "123.45678901234568")]
    public void A_literal_with_a_fraction_keeps_its_digits_only_where_NET_wrote_it(string literal, string json, string dotNet)
    {
        Assert.Equal(json, Canonical(literal));
        Assert.Equal(dotNet, Canonical(literal, NumberRule.DotNet));
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740993.00", "9.007199254740993e15", "9007199254740993")]
    [InlineData("12345678901234567.89", "1234567890123456789e-2", "12345678901234567.890", "12345678901234567.89")]
    [InlineData("-0.1000000000000000055511151231", "-1000000000000000055511151231E-28", "-0.10000000000000000555111512310", "-0.1000000000000000055511151231")]
    [InlineData("10000000000000000000001", "1.0000000000000000000001e22", "10000000000000000000001.0", "10000000000000000000001")]
    [InlineData("10000000000000000000000", "1e22", "10000000000000000000000.0", "1e+22")]
    [InlineData("0.00000012345678901234567890", "1.2345678901234567890e-7", "12345678901234567890e-26", "1.234567890123456789e-7")]
    [InlineData("12345678901234567890123.5", "123456789012345678901235e-1", "1.23456789012345678901235E+22", "1.23456789012345678901235e+22")]
    [InlineData("1.10", "11e-1", "1.1", "1.1")]
    [InlineData("-0", "0.00e+99999999999", "0", "0")]
    public void An_exact_number_keeps_all_its_digits_however_it_is_spelled(string literal, string second, string third, string expected)
    {
        Assert.Equal(expected, Canonical(literal, NumberRule.Exact));
        Assert.Equal(expected, Canonical(second, NumberRule.Exact));
        Assert.Equal(expected, Canonical(third, NumberRule.Exact));
    }

    [Theory]
    [InlineData("1e309")]
    [InlineData("1e-400")]
    [InlineData("-0.1e-99999999999")]
    public void An_exact_number_that_no_double_is_near_is_refused(string literal)
    {
        using PooledByteWriter output = new();

        Assert.False(CanonicalNumber.TryWrite(Encoding.UTF8.GetBytes(literal), NumberRule.Exact, output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("1e309")]
    [InlineData("-1e400")]
    [InlineData("1e99999999999")]
    [InlineData("1.7976931348623159e308")]
    public void A_number_without_a_finite_double_is_refused_by_its_place(string literal)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Canonical($$"""{"b":[1],"a":[0,{{literal}}]}"""));

        Assert.StartsWith("the JSON.a[1]: a number", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_integer_of_310_digits_is_refused_and_one_of_300_keeps_them()
    {
        string fits = new('7', 300);

        Assert.Equal(fits, Canonical(fits));
        Assert.Throws<ArgumentException>(() => Canonical(new string('7', 310)));
    }

    private static IEnumerable<double> ManyDoubles()
    {
        IEnumerable<ulong> random = Enumerable.Range(0, 20_000).Select(i =>
        {
            byte[] seed = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(seed, i);
            return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(seed));
        });
        IEnumerable<ulong> edges = Enumerable.Range(0, 2047).Select(e => (ulong)e << 52)
            .SelectMany(p => new[] { p, p + 1, p + (1UL << 52) - 1 });
        return random.Concat(edges).Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite);
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.ToUtf8Bytes(Encoding.UTF8.GetBytes(json)));

    private static string Canonical(string literal, NumberRule rule)
    {
        using PooledByteWriter output = new();
        Assert.True(CanonicalNumber.TryWrite(Encoding.UTF8.GetBytes(literal), rule, output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
