using System.Data.Common;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

/// <summary>A statement on its way to the database, as its driver takes it.</summary>
internal abstract class SentStatement : IAsyncDisposable
{
    /// <summary>Gives a parameter its value, by its name. One that the statement does not ask for is left out.</summary>
    public abstract void Set(string name, StoredType type, object? value);

    /// <summary>Gives a parameter, to be used with <c>SqlDialect.AnyOf</c>, a list.</summary>
    public abstract void SetList<T>(string name, StoredType type, IReadOnlyCollection<T> values);

    /// <summary>Gives a statement with <c>SqlDialect.Given</c> its rows.</summary>
    public abstract void SetRows<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows);

    /// <summary>Lets the statement take as long as its own work takes.</summary>
    public abstract void LetRun();

    public abstract Task<int> ExecuteAsync(CancellationToken cancellationToken);

    public abstract Task<DbDataReader> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Says that it has run to its end: what it is made of may be used again.</summary>
    public virtual void HasRun()
    {
    }

    public abstract ValueTask DisposeAsync();
}
