using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>Decimals with at most twelve decimals, as whole numbers: SQLite has no other numbers that are exact.</summary>
internal static class Trillionths
{
    public const decimal PerUnit = 1_000_000_000_000;

    public static long From(decimal number) => (long)(number * PerUnit);

    public static decimal ToDecimal(long trillionths) => trillionths / PerUnit;
}

internal sealed class TrillionthsConverter() : ValueConverter<decimal, long>(n => Trillionths.From(n), t => Trillionths.ToDecimal(t));
