using System.Data.Common;

namespace AgentPersistence;

/// <summary>The database behind the stores: its schema, and transactions that span several stores.</summary>
public interface IAgentDatabase
{
    /// <summary>
    /// Brings the schema up to date. Any number of hosts may call it at once. An up-to-date schema is only read, so a role without
    /// the right to create tables may call it too.
    /// </summary>
    /// <param name="cancellationToken">Cancels waiting and migrating; migrations already applied stay.</param>
    /// <returns>A task that completes when the schema is up to date.</returns>
    Task MigrateAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the migrations that <see cref="MigrateAsync"/> would apply, oldest first. Changes nothing.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The names; empty when the schema is up to date.</returns>
    Task<IReadOnlyList<string>> GetPendingMigrationsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes the SQL that brings any earlier schema up to date, for whoever owns the schema. Running it twice is harmless.
    /// Needs no connection.
    /// </summary>
    /// <returns>The script, in the configured database's dialect.</returns>
    string GenerateMigrationScript();

    /// <summary>
    /// Begins a transaction on a connection of its own. What its stores write is durable when
    /// <see cref="IAgentTransaction.CommitAsync"/> returns, and not before.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The transaction; disposing it without a commit rolls it back.</returns>
    Task<IAgentTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Binds every store to the host's own transaction, so that its rows and ours commit together. Commit and roll-back stay with
    /// the host. An ambient <c>TransactionScope</c> is never joined; this is the only way in.
    /// </summary>
    /// <param name="transaction">An open transaction of the configured provider, on the configured database.</param>
    /// <returns>The stores, bound to the host's transaction.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="transaction"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The transaction is completed, belongs to another provider, or is on another database; or its connection is one to SQLite that was
    /// told not to heed foreign keys.
    /// </exception>
    IAgentTransaction Enlist(DbTransaction transaction);
}
