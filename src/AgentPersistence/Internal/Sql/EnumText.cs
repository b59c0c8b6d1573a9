namespace AgentPersistence.Internal.Sql;

/// <summary>The members of an enumeration as the databases hold them: in snake_case, readable without this library.</summary>
internal static class EnumText<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> Texts = Enum.GetValues<TEnum>().ToDictionary(v => v, v => SnakeCaseNames.Of(v.ToString()));
    private static readonly Dictionary<string, TEnum> Values = Texts.ToDictionary(t => t.Value, t => t.Key);

    public static string From(TEnum value) => Texts[value];

    public static TEnum Parse(string text) => Values[text];
}
