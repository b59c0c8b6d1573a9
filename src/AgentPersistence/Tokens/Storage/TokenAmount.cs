namespace AgentPersistence.Tokens.Storage;

/// <summary>
/// Amounts of budgets as the whole numbers that are stored: tokens, or billionths of a currency. A budget is a limit and not an account, so
/// what is finer than that is rounded up; the ledger keeps costs exactly.
/// </summary>
internal static class TokenAmount
{
    /// <summary>The unit of a budget without a currency.</summary>
    public const string Tokens = "tokens";

    private const decimal PerCurrencyUnit = 1_000_000_000;
    private const decimal MostTokens = 1_000_000_000_000_000;
    private const decimal MostMoney = 1_000_000_000;

    public static decimal From(long stored, string unit) => unit == Tokens ? stored : stored / PerCurrencyUnit;

    /// <summary>An amount that is reserved or used.</summary>
    public static long RoundUp(decimal amount, string unit, string argument) =>
        (long)decimal.Ceiling(Check(amount, unit, argument) * (unit == Tokens ? 1 : PerCurrencyUnit));

    /// <summary>The same; null where it is no amount of that unit.</summary>
    public static long? TryRoundUp(decimal amount, string unit) =>
        amount < 0 || amount > Most(unit) || (unit == Tokens && !decimal.IsInteger(amount)) ? null : RoundUp(amount, unit, nameof(amount));

    /// <summary>A limit, which must not be rounded.</summary>
    public static long Exactly(decimal amount, string unit, string argument)
    {
        var stored = Check(amount, unit, argument) * (unit == Tokens ? 1 : PerCurrencyUnit);
        return decimal.IsInteger(stored)
            ? (long)stored
            : throw new ArgumentException("A limit in money must not have more than nine decimals.", argument);
    }

    private static decimal Most(string unit) => unit == Tokens ? MostTokens : MostMoney;

    private static decimal Check(decimal amount, string unit, string argument)
    {
        if (amount < 0 || amount > Most(unit))
        {
            throw new ArgumentOutOfRangeException(
                argument, $"The amount must be between 0 and {MostTokens:0} tokens, or {MostMoney:0} of the currency.");
        }

        return unit != Tokens || decimal.IsInteger(amount)
            ? amount
            : throw new ArgumentException("An amount of tokens must be a whole number.", argument);
    }
}
