namespace AgentPersistence.Tokens.Storage;

/// <summary>Currencies, as three capital letters.</summary>
internal static class TokenCurrency
{
    public const int Length = 3;

    public static string Check(string currency, string argument) => currency.Length == Length && currency.All(char.IsAsciiLetterUpper)
        ? currency
        : throw new ArgumentException("A currency must be three capital letters, as in ISO 4217.", argument);
}
