using System.Data.Common;

namespace AgentPersistence.Providers;

/// <summary>A statement on its way to the database, as its driver takes it.</summary>
internal abstract class SentStatement : IAsyncDisposable
{
    /// <summary>Gives a parameter its value, by its name. One that the statement does not ask for is left out.</summary>
    public abstract void Add(DbParameter parameter);

    /// <summary>Lets the statement take as long as its own work takes.</summary>
    public abstract void LetRun();

    public abstract Task<int> ExecuteAsync(CancellationToken cancellationToken);

    public abstract Task<DbDataReader> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
