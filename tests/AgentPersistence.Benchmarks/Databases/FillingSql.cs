namespace AgentPersistence.Benchmarks.Databases;

/// <summary>What each database says in its own way in a statement that fills a table.</summary>
/// <param name="Series">A table with the column <c>n</c>: the numbers from 0, so many of them.</param>
/// <param name="SecondsAgo">The time so many seconds ago.</param>
/// <param name="At">The time of <see cref="Numbered.Time"/>.</param>
/// <param name="Id">The id of <see cref="Numbered.Id"/>.</param>
/// <param name="Hex">The text of <see cref="Numbered.Hex"/>.</param>
/// <param name="Bytes">Some bytes.</param>
internal sealed record FillingSql(
    Func<long, string> Series,
    Func<string, string> SecondsAgo,
    Func<string, string> At,
    Func<string, string> Id,
    Func<string, string> Hex,
    Func<byte[], string> Bytes)
{
    /// <summary>Brings numbers below 2³² out of order, without two becoming one.</summary>
    public static string Scatter(string number) => $"({number} * 2654435761) % 4294967296";

    /// <summary>The same in the program.</summary>
    public static long Scatter(long number) => number * 2_654_435_761 % 4_294_967_296;
}
