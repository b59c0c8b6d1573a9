using System.Data.Common;
using System.Globalization;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>SQLite, with the version that the package brings.</summary>
internal sealed partial class SqliteDialect(IModel model, TimeProvider timeProvider) : SqlDialect(model, timeProvider)
{
    private const int Few = 2_000;

    // Differs because SQLite runs in the process: its clock is the machine's.
    protected override string Clock => "@now";

    // Differs because SQLite locks the whole database, and a read costs no round trip.
    public override bool WritesExcludeEachOther => true;

    public override bool RunsInProcess => true;

    protected override DatabaseFault ClassifyError(DbException error) => error switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL } => DatabaseFault.Locked,

        // Differs because SQLite has one code for every error in a statement.
        SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } e when e.Message.Contains("no such table", StringComparison.Ordinal) => DatabaseFault.NotMigrated,
        _ => DatabaseFault.Permanent,
    };

    // Differs because a trigger of the audit log refuses a taken key before SQLite does.
    public override bool IsDuplicate(Exception exception) => exception
        is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY }
        || (exception is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_TRIGGER } refused
            && refused.Message.Contains(AuditProtection.Taken, StringComparison.Ordinal));

    public override SentStatement CreateStatement(UnitOfWork unit, SqlStatement statement) => new NamedStatement(unit, statement);

    public override DateTimeOffset ReadTime(DbDataReader reader, int ordinal) => UnixMicroseconds.ToTime(reader.GetInt64(ordinal));

    public override decimal ReadDecimal(DbDataReader reader, int ordinal) => Trillionths.ToDecimal(reader.GetInt64(ordinal));

    public override Guid ReadId(DbDataReader reader, int ordinal) => Guid.Parse(reader.GetString(ordinal), CultureInfo.InvariantCulture);

    public override int IndexPlanResults => 0;

    protected override string IndexPlan => "";

    protected override string SkipLocked(string table) => "";

    protected override string RowPlace(string table) => $"{table}.rowid";

    // It keeps no statistics, and thinks that few rows have a status. It refuses a statement that cannot use the index.
    protected override string By(string index) => $"INDEXED BY {index}";

    // Differs because SQLite keeps no statistics: few rows are sorted, and many soon found in the order of the page. One half is empty.
    protected override IEnumerable<string> ByIndexIfFew(string table, string index, string condition, Func<string, string, string> page)
    {
        var some = $"SELECT {{{table}.Id}} FROM {{{table}}} {By(index)} WHERE {condition} LIMIT {Few}";
        var found = $"(SELECT count(*) FROM ({some}))";
        return
        [
            page($"{{{table}.Id}} IN ({some})", $"CASE WHEN {found} < {Few} THEN @limit ELSE 0 END"),
            page(Filter(condition), $"CASE WHEN {found} < {Few} THEN 0 ELSE @limit END"),
        ];
    }

    protected override string After(string time, string microseconds) => $"{time} + {microseconds}";
}
