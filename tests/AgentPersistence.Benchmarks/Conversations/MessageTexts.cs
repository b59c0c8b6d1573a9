using System.Text;

namespace AgentPersistence.Benchmarks.Conversations;

/// <summary>
/// Texts as long as those that the peers' scripts take from recorded conversations: half are at most 174 characters, the average is
/// about 310.
/// </summary>
internal static class MessageTexts
{
    private const int Seed = 20_240_515;
    private const double Median = 174;
    private const double Spread = 1.08;
    private const int Shortest = 4;
    private const int Longest = 4_000;

    private static readonly string[] Words =
        "your flight to the city leaves at noon and there are two seats left for this price shall I book them now".Split(' ');

    private static readonly string[] Texts = Make(new Random(Seed), 2_000);

    public static string At(long number) => Texts[number % Texts.Length];

    private static string[] Make(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Text(random, Length(random)))];

    private static int Length(Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Clamp((int)(Median * Math.Exp(Spread * normal)), Shortest, Longest);
    }

    private static string Text(Random random, int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            text.Append(Words[random.Next(Words.Length)]).Append(' ');
        }

        return text.ToString(0, length);
    }
}
