using System.Globalization;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>What the rows of a filled table are known by: each is made of the row's number.</summary>
internal static class Numbered
{
    /// <summary>An id that comes after those of all smaller numbers, and before every id that the library makes.</summary>
    public static Guid Id(long number) => Guid.ParseExact(number.ToString("x32", CultureInfo.InvariantCulture), "N");

    /// <summary>The number as ten hexadecimal digits.</summary>
    public static string Hex(long number) => number.ToString("x10", CultureInfo.InvariantCulture);

    /// <summary>One second for each number, all of them past.</summary>
    public static DateTimeOffset Time(long number) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(number);

    /// <summary>Any of so many rows.</summary>
    public static long Any(long rows) => Random.Shared.NextInt64(rows);
}
