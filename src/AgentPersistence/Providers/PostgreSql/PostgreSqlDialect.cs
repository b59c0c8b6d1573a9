using System.Data.Common;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>PostgreSQL 13 and later.</summary>
internal sealed partial class PostgreSqlDialect(IModel model, TimeProvider timeProvider) : SqlDialect(model, timeProvider)
{
    // Npgsql has no name for it.
    private const string IdleInTransactionSessionTimeout = "25P03";

    // now() is frozen at the start of a transaction; a deadline must not be.
    protected override string Clock => HasOwnClock ? "@now" : "clock_timestamp()";

    protected override string PlannedClock => HasOwnClock ? "@now" : "statement_timestamp()";

    public override bool WritesExcludeEachOther => false;

    public override bool RunsInProcess => false;

    protected override DatabaseFault ClassifyError(DbException error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => DatabaseFault.NotMigrated,
        PostgresException
        {
            SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
                or IdleInTransactionSessionTimeout
        } => DatabaseFault.Refused,
        PostgresException
        {
            SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.IdleSessionTimeout
        } => DatabaseFault.ConnectionLost,
        PostgresException { SqlState: ['0', '8', ..] } => DatabaseFault.ConnectionLost,
        PostgresException => DatabaseFault.Permanent,
        NpgsqlException { IsTransient: true } => DatabaseFault.ConnectionLost,
        NpgsqlException { InnerException: IOException or TimeoutException or System.Net.Sockets.SocketException } => DatabaseFault.ConnectionLost,
        _ => DatabaseFault.Permanent,
    };

    public override bool IsDuplicate(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override SentStatement CreateStatement(UnitOfWork unit, SqlStatement statement) =>
        statement.Numbered is [var only] ? KeptStatement.For(unit, only) : new NumberedBatch(unit, statement.Numbered);

    public override DateTimeOffset ReadTime(DbDataReader reader, int ordinal) =>
        PostgreSqlValues.Epoch.AddTicks(reader.GetInt64(ordinal) * TimeSpan.TicksPerMicrosecond);

    // Without the zeros that fill up the column's decimals.
    public override decimal ReadDecimal(DbDataReader reader, int ordinal) => reader.GetDecimal(ordinal) / 1.0000000000000000000000000000m;

    public override Guid ReadId(DbDataReader reader, int ordinal) => reader.GetGuid(ordinal);

    public override int IndexPlanResults => 1;

    // Differs because plans are kept with the connection: one made while the queue was empty would read all of it when it is full. And what
    // the planner expects of a full queue looks costly enough to compile every claim, which takes far longer than the claim.
    protected override string IndexPlan => """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true);

        """;

    protected override string RowPlace(string table) => $"{table}.ctid";

    protected override string By(string index) => "";

    protected override string SkipLocked(string table) => $"FOR UPDATE OF {table} SKIP LOCKED";

    protected override string After(string time, string microseconds) => $"{time} + {microseconds} * interval '1 microsecond'";
}
