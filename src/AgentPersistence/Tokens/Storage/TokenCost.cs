namespace AgentPersistence.Tokens.Storage;

/// <summary>
/// Costs are kept to the trillionth: the price of one token, per million given to six decimals, is a whole number of these. PostgreSQL
/// keeps a decimal, SQLite, which has none, that whole number; both add up exactly.
/// </summary>
internal static class TokenCost
{
    public const int Decimals = 12;
    public const int Digits = 19;

    /// <summary>The largest that fits a 64-bit number of trillionths, rounded down.</summary>
    public const decimal Max = 9_000_000;

    public static bool IsInRange(decimal cost) => cost is >= 0 and <= Max;

    /// <summary>Rounded, the only time.</summary>
    public static decimal Round(decimal cost) => decimal.Round(cost, Decimals, MidpointRounding.ToEven);
}
