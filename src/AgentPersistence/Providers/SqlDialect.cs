using System.Collections.Concurrent;
using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Providers;

/// <summary>
/// All that differs between the databases when a statement is written by hand: how values are passed and read, what an error
/// means, and one member per question that the product asks. The members of a feature stand in <c>SqlDialect.[Feature].cs</c>.
/// </summary>
internal abstract partial class SqlDialect
{
    private readonly ConcurrentDictionary<string, SqlStatement> _statements = new(StringComparer.Ordinal);
    private readonly SqlTemplate _template;
    private readonly TimeProvider _timeProvider;

    protected SqlDialect(IModel model, TimeProvider timeProvider)
    {
        _template = new SqlTemplate(model);
        _timeProvider = timeProvider;
    }

    /// <summary>The time by the host's clock, cut to the precision that both databases store.</summary>
    public DateTimeOffset Now => Internal.Input.Time(_timeProvider.GetUtcNow());

    /// <summary>The SQL of the one clock that judges deadlines; <c>@now</c> where the host's clock is that clock.</summary>
    protected abstract string Clock { get; }

    /// <summary>
    /// The same clock for a read that waits for nobody: how late it was when the statement began, which the planner knows too.
    /// </summary>
    protected virtual string PlannedClock => Clock;

    /// <summary>Whether the tests' clock (any but the system's) replaces the database's.</summary>
    protected bool HasOwnClock => _timeProvider != TimeProvider.System;

    /// <summary>Whether a write keeps all other writers waiting, so that what a read can answer is better read first.</summary>
    public abstract bool WritesExcludeEachOther { get; }

    /// <summary>Whether the database runs in this process, so that whoever asks it works for it meanwhile.</summary>
    public abstract bool RunsInProcess { get; }

    public TableMap Table<TEntity>() => Table(typeof(TEntity));

    public TableMap Table(Type entity) => _template.Table(entity);

    /// <summary>What an exception of the driver says, also where EF Core has wrapped it.</summary>
    public DatabaseFault Classify(Exception exception) => exception switch
    {
        DbException error => ClassifyError(error),

        // EF Core's query pipeline wraps passing faults of Npgsql in the first, saving wraps all in the second.
        InvalidOperationException { InnerException: DbException error } => ClassifyError(error),
        DbUpdateException { InnerException: DbException error } => ClassifyError(error),
        _ => DatabaseFault.Permanent,
    };

    /// <summary>Whether a row was refused because its key is taken.</summary>
    public abstract bool IsDuplicate(Exception exception);

    /// <summary>A statement on the connection and in the transaction of a unit of work, whose parameters are yet to be given.</summary>
    public abstract SentStatement CreateStatement(UnitOfWork unit, SqlStatement statement);

    public abstract DateTimeOffset ReadTime(DbDataReader reader, int ordinal);

    /// <summary>A decimal with at most twelve decimals.</summary>
    public abstract decimal ReadDecimal(DbDataReader reader, int ordinal);

    public abstract Guid ReadId(DbDataReader reader, int ordinal);

    /// <summary>How many results come before that of a statement with <see cref="IndexPlan"/>.</summary>
    public abstract int IndexPlanResults { get; }

    /// <summary>
    /// Fills the model's names into a statement. Every statement is written once, as a member of the dialect; a query has as many texts
    /// as there are combinations of its filters, and no values in them.
    /// </summary>
    public SqlStatement Statement(string template) => _statements.GetOrAdd(template, t =>
    {
        var text = _template.Fill(t);
        return new SqlStatement(text, text.Contains("@now", StringComparison.Ordinal));
    });

    /// <summary>A page of rows that are of several kinds, where an index serves each kind but none serves all.</summary>
    protected static string InHalves(IEnumerable<string> halves, string columns, string order) =>
        string.Join(" UNION ALL ", halves.Select((half, i) => $"SELECT {columns} FROM ({half}) AS half{i}"))
        + $" ORDER BY {order} LIMIT @limit";

    /// <summary>
    /// The halves (see <see cref="InHalves"/>) of a page of what few rows of most databases are, and most rows of some: by its index where it
    /// is few, and in the order of the page where it is many.
    /// </summary>
    /// <param name="table">The entity whose rows are sought.</param>
    /// <param name="index">The index of the condition.</param>
    /// <param name="condition">What is sought.</param>
    /// <param name="page">The SELECT of the rows that a condition names, with a limit.</param>
    protected virtual IEnumerable<string> ByIndexIfFew(string table, string index, string condition, Func<string, string, string> page) =>
        [page(condition, "@limit")];

    /// <summary>
    /// A condition on what is found by a key, and never by an index of statuses: to statistics of a time at which hardly a row had the
    /// status such an index looks cheaper, and reads every row that has it now.
    /// </summary>
    protected static string Filter(string condition) => $"({condition}) IS TRUE";

    protected abstract DatabaseFault ClassifyError(DbException error);

    /// <summary>
    /// A statement that keeps the planner to the indexes, where statistics may be of another time: a queue is now empty and now full.
    /// </summary>
    protected abstract string IndexPlan { get; }

    /// <summary>The end of a SELECT that locks the rows it returns, and leaves out those that another transaction has locked.</summary>
    protected abstract string SkipLocked(string table);

    /// <summary>
    /// Where a row is. A row that a statement has locked is found by it again, at the cost of one row: a join by its key may be planned, by
    /// statistics of a time at which the table was empty, to read all of it for each.
    /// </summary>
    protected abstract string RowPlace(string table);

    /// <summary>What follows a table in a FROM to name the index that it is read by, where the planner would take another.</summary>
    protected abstract string By(string index);

    /// <summary>The SQL of a time, so many microseconds later; null where either is null.</summary>
    protected abstract string After(string time, string microseconds);
}
