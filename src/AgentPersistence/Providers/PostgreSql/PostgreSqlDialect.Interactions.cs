using AgentPersistence.Interactions;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Differs because PostgreSQL compiles what looks costly, and over a million rows of an index that takes longer than it saves.
    public override (SqlStatement Statement, int SkipResults) Uncompiled(SqlStatement statement) =>
        (Statement($"SELECT set_config('jit', 'off', true); {statement.Text}"), 1);

    // UTC as an interval: looked up by its name for every row it would take longer.
    protected override string PeriodStart(string time, InteractionInterval interval)
    {
        const string Utc = "AT TIME ZONE INTERVAL '0'";
        return $"date_trunc('{(interval == InteractionInterval.Hour ? "hour" : "day")}', {time} {Utc}) {Utc}";
    }
}
