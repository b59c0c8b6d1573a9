using System.Data.Common;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Providers;

/// <summary>Opens connections to one database, in the state that the stores rely on.</summary>
internal abstract class DatabaseConnections : IAsyncDisposable, IDisposable
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>Makes a context that has no connection yet.</summary>
    public abstract AgentPersistenceDbContext CreateContext();

    /// <summary>
    /// Opens a connection for one piece of work. The caller has suppressed any ambient transaction. Where that alone waits for the
    /// transactions of others, it fails as <see cref="DatabaseFault.Locked"/> when <paramref name="patience"/> is over.
    /// </summary>
    public abstract Task<UnitOfWork> OpenAsync(WorkKind kind, bool isRepeat, CancellationToken cancellationToken, Patience? patience = null);

    /// <summary>Notes what the open transaction is about, where it keeps all other writers waiting.</summary>
    public abstract void Note(string about);

    /// <summary>Refuses a host's transaction that the stores could not write in.</summary>
    /// <exception cref="ArgumentException">The transaction has ended, or belongs to another provider or another database.</exception>
    public abstract void RequireOwn(DbTransaction transaction);

    /// <summary>Keeps every other process from migrating until the transaction ends.</summary>
    public abstract Task LockMigrationsAsync(UnitOfWork unit, CancellationToken cancellationToken);

    /// <summary>SQL that brings any earlier state of the schema to the newest, and changes nothing when run again.</summary>
    public abstract string GenerateIdempotentScript();

    /// <summary>Whether processes can tell each other something by way of the database.</summary>
    public virtual bool CanNotify => false;

    /// <summary>Tells all who listen, now or never. Costs a commit, which is not waited for to be durable.</summary>
    public virtual Task NotifyAsync(string channel, string message, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Listens on a connection of its own until that breaks, or the call is cancelled.</summary>
    public virtual Task ListenAsync(string channel, Action<string> hear, CancellationToken cancellationToken) => Task.CompletedTask;

    // A host that disposes its services with `using` closes its connections too.
    void IDisposable.Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public abstract ValueTask DisposeAsync();
}
