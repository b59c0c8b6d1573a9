using System.Data.Common;
using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>What the suites of the transaction journal share: effects are undone as rows of a table of the host's.</summary>
public abstract class JournalTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected ITransactionJournal Journal => Agent.Transactions;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS undone (undo_key varchar(255), n bigint)");
    }

    protected static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });

    protected async Task<JournaledTransaction> BegunAsync(NewTransaction? transaction = null) =>
        (await Journal.BeginAsync(transaction ?? new(), Cancellation)).Transaction;

    protected async Task<JournaledTransaction> CompletedAsync(NewTransaction? transaction = null) =>
        await Journal.CompleteAsync((await BegunAsync(transaction)).Id, cancellationToken: Cancellation);

    /// <summary>Steps of a run, the first begun first.</summary>
    protected async Task<List<Guid>> StepsAsync(string run, int count)
    {
        var steps = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            steps.Add((await CompletedAsync(new() { RunId = run, StepKey = $"step-{i}" })).Id);
        }

        return steps;
    }

    protected async Task<JournaledTransaction> FindAsync(Guid id) => (await Journal.FindAsync(id, Cancellation))!;

    protected async Task<AuditRecord> EntryAsync(Guid id) => (await Agent.Audit.FindAsync((await FindAsync(id)).AuditLogId, Cancellation))!;

    /// <summary>Undoes an effect in the database, inside the transaction it is given.</summary>
    protected static Task UndoAsync(Compensation compensation, IAgentTransaction transaction, CancellationToken cancellationToken) =>
        UndoAsync(compensation, transaction.DbTransaction, cancellationToken);

    protected static async Task UndoAsync(Compensation compensation, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            $"INSERT INTO undone SELECT '{compensation.IdempotencyKey}', coalesce(max(n), 0) + 1 FROM undone";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    protected async Task<long> UndoneAsync(Guid id) =>
        Convert.ToInt64(
            await Database.ScalarAsync($"SELECT count(*) FROM undone WHERE undo_key = 'undo:{id}'"),
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Rolls back; where inside its transaction, also by a row of the host's.</summary>
    protected static Task<RollbackReceipt> RollBackAsync(
        ITransactionJournal journal, Guid id, bool inside, Action compensate, RollbackSettings? settings = null) => inside
        ? journal.RollBackAsync(
            id,
            async (c, t, ct) =>
            {
                await UndoAsync(c, t, ct);
                compensate();
            },
            settings,
            Cancellation)
        : journal.RollBackAsync(
            id,
            (_, _) =>
            {
                compensate();
                return Task.CompletedTask;
            },
            settings,
            Cancellation);
}
