namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    protected override string RankedRuns => "runs";

    // Rounded before it is cut: before version 14 extract() answers a double.
    protected override string Microseconds(string from, string to) => $"round(extract(epoch FROM ({to} - {from})) * 1000000)::bigint";

    // Differs because avg() of whole numbers is a decimal here.
    protected override string Mean(string column) => $"avg({column}::double precision)";

    protected override string Percentile(string fraction) => $"percentile_cont({fraction}) WITHIN GROUP (ORDER BY duration)";
}
