using System.Data.Common;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    private const string HourInMicroseconds = "3600000000";
    private const string DayInMicroseconds = "86400000000";
    private const long Millionth = 1_000_000;

    public override decimal ReadSumOfDecimals(DbDataReader reader, int ordinal) =>
        ((reader.GetInt64(ordinal) * (decimal)Millionth) + reader.GetInt64(ordinal + 1)) / Trillionths.PerUnit;

    public override int BudgetWaitResults => 0;

    protected override string BoundBudgetWait => "";

    // Differs because a sum of trillionths would not fit 64 bits: millionths and what is left of them are added up separately.
    protected override string SumOfDecimals(string column) => $"sum({column} / {Millionth}), sum({column} % {Millionth})";

    // Rounded down, also before 1970.
    protected override string Day(string time) =>
        $"({time} / {DayInMicroseconds} - ({time} < 0 AND {time} % {DayInMicroseconds} <> 0))";

    // The first day of 1970 was a Thursday.
    protected override string PeriodStart(string period, string time) => $"""
        CASE {period}
            WHEN 'hour' THEN {time} - {time} % {HourInMicroseconds}
            WHEN 'day' THEN {time} - {time} % {DayInMicroseconds}
            WHEN 'week' THEN {time} - ({time} + 3 * {DayInMicroseconds}) % (7 * {DayInMicroseconds})
            ELSE CAST(strftime('%s', {time} / 1000000, 'unixepoch', 'start of month') AS INTEGER) * 1000000
        END
        """;
}
