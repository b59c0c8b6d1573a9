using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because LINQ writes row by row, and these are the appends that everybody waits for.
internal abstract partial class SqlDialect
{
    /// <summary>Inserts the rows, all or none, inside the unit's transaction or as one statement.</summary>
    public abstract Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken);

    /// <summary>A list as one parameter, to be used with <see cref="AnyOf"/>.</summary>
    public abstract DbParameter TextsParameter(string name, IReadOnlyCollection<string> values);

    /// <summary>A list as one parameter, to be used with <see cref="AnyOf"/>.</summary>
    public abstract DbParameter IdsParameter(string name, IReadOnlyCollection<Guid> values);

    /// <summary>The SQL that holds when what stands before it is one of the parameter's values.</summary>
    protected abstract string AnyOf(string parameter);
}
