using System.Data.Common;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override decimal ReadSumOfDecimals(DbDataReader reader, int ordinal) => ReadDecimal(reader, ordinal);

    public override int BudgetWaitResults => 1;

    protected override string BoundBudgetWait => $"SELECT {BriefLockWait};\n";

    protected override string SumOfDecimals(string column) => $"sum({column})";

    protected override string Day(string time) => $"CAST(({time} AT TIME ZONE 'UTC')::date - date '1970-01-01' AS bigint)";

    protected override string PeriodStart(string period, string time) => $"date_trunc({period}, {time}, 'UTC')";
}
