using System.Data.Common;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Jobs.Hosting;
using AgentPersistence.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentPersistence.Database;

internal sealed class AgentDatabase(DatabaseConnections connections, OwnConnectionExecutor executor, JobSignals signals) : IAgentDatabase
{
    private readonly StagedAuditRows _staged = new(executor);

    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        // Asked first with SELECT only, so that a role without rights on the schema can start.
        if (await GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false) is not [])
        {
            await executor.TransactAsync(ApplyPendingAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<string>> GetPendingMigrationsAsync(CancellationToken cancellationToken = default) =>
        executor.ReadAsync<IReadOnlyList<string>>(
            async (unit, ct) => [.. await unit.Context.Database.GetPendingMigrationsAsync(ct).ConfigureAwait(false)], cancellationToken);

    public string GenerateMigrationScript() => connections.GenerateIdempotentScript();

    public async Task<IAgentTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default)
    {
        await _staged.KeepFewAsync(cancellationToken).ConfigureAwait(false);
        var unit = await executor.BeginAsync(cancellationToken).ConfigureAwait(false);
        return new AgentTransaction(Bind(unit.Transaction!), unit, signals);
    }

    public IAgentTransaction Enlist(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        connections.RequireOwn(transaction);
        return new AgentTransaction(Bind(transaction), own: null, signals);
    }

    private TransactionExecutor Bind(DbTransaction transaction) => new(connections, executor.Options, executor.TimeProvider, transaction);

    private async Task<int> ApplyPendingAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        await connections.LockMigrationsAsync(unit, cancellationToken).ConfigureAwait(false);

        // Made first, because asking a table that is not there would end the transaction on PostgreSQL.
        await ExecuteAsync(unit, unit.Context.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancellationToken).ConfigureAwait(false);
        var applied = await unit.Context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        var script = unit.Context.GetService<IMigrator>()
            .GenerateScript(fromMigration: applied.LastOrDefault(), options: MigrationsSqlGenerationOptions.NoTransactions);
        return string.IsNullOrWhiteSpace(script) ? 0 : await ExecuteAsync(unit, script, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> ExecuteAsync(UnitOfWork unit, string script, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandTimeout = 0;
        command.CommandText = script;
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
