using System.Data.Common;
using System.Globalization;
using AgentPersistence.Transactions;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// Undoes a run. Each effect is undone by a row of `undone`, either in the transaction that marks it, or outside, idempotently under its
/// key. A victim stops at its n-th compensation until it is told to go on. Ends by saying how many steps were undone, and why no more.
/// </summary>
/// <remarks>Arguments: kind, connection string, run, lease in milliseconds, `inside` or `outside` [, where to stop, at which step].</remarks>
internal sealed class JournalUndoCommand(AgentHost host, string? stopsAt, int stepsLeft)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using AgentHost host = new(arguments[0], arguments[1]);
        var stepsLeft = int.Parse(arguments.ElementAtOrDefault(6) ?? "0", CultureInfo.InvariantCulture);
        var undo = new JournalUndoCommand(host, arguments.ElementAtOrDefault(5), stepsLeft);
        var journal = host.Get<ITransactionJournal>();
        var settings = new RollbackSettings
        {
            Lease = TimeSpan.FromMilliseconds(int.Parse(arguments[3], CultureInfo.InvariantCulture)),
            WaitForOther = Patience,
        };
        Console.WriteLine("ready");
        await StandardInput.ReadLineAsync();
        var undone = arguments[4] == "inside"
            ? await journal.UndoRunAsync(arguments[2], (c, t, _) => undo.UndoAsync(c, t.DbTransaction.Connection!, t.DbTransaction), settings)
            : await journal.UndoRunAsync(arguments[2], (c, _) => undo.UndoOutsideAsync(c), settings);
        Console.WriteLine($"undone {undone.Undone.Count} {undone.Failure?.GetType().Name}");
        return 0;
    }

    private async Task UndoOutsideAsync(Compensation compensation)
    {
        await using var connection = await host.OpenAsync();
        await UndoAsync(compensation, connection, null);
    }

    private async Task UndoAsync(Compensation compensation, DbConnection connection, DbTransaction? transaction)
    {
        await StopAsync("claimed");
        await AgentHost.ExecuteAsync(
            connection,
            $"""
            INSERT INTO undone SELECT '{compensation.IdempotencyKey}', coalesce(max(n), 0) + 1 FROM undone WHERE true
            {(transaction is null ? "ON CONFLICT (undo_key) DO NOTHING" : "")}
            """,
            transaction);
        await StopAsync("done");
    }

    private async Task StopAsync(string place)
    {
        if (place == stopsAt && --stepsLeft == 0)
        {
            Console.WriteLine("holding");
            await StandardInput.ReadLineAsync();
        }
    }
}
