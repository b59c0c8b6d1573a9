using AgentPersistence.Interactions;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    public override (SqlStatement Statement, int SkipResults) Uncompiled(SqlStatement statement) => (statement, 0);

    // Differs because a time is a number here. Before 1970 the rest is negative.
    protected override string PeriodStart(string time, InteractionInterval interval)
    {
        var span = interval == InteractionInterval.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var length = span.Ticks / TimeSpan.TicksPerMicrosecond;
        return $"{time} - (({time} % {length}) + {length}) % {length}";
    }
}
