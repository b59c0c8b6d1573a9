using System.Text.Json;
using AgentPersistence.Transactions;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host books what it may have to cancel.</summary>
internal sealed class TripDesk(ITransactionJournal journal)
{
    public async Task<string> BookAsync(string run, string key, Func<string> book)
    {
        try
        {
            var begun = await journal.BeginAsync(new NewTransaction { RunId = run, IdempotencyKey = key });
            if (begun.AlreadyBegun)
            {
                return $"booked before: {begun.Transaction.Status}";
            }

            var number = JsonElement.Parse($"\"{book()}\"");
            var completed = await journal.CompleteAsync(begun.Transaction.Id, new TransactionResult { RollbackData = number });
            return $"booked: {completed.Status}";
        }
        catch (TransactionConflictException conflict)
        {
            return $"not booked: {conflict.CurrentStatus}";
        }
    }

    public async Task<string> CancelAsync(Guid id, Action<string> cancel)
    {
        try
        {
            var receipt = await journal.RollBackAsync(id, (compensation, _) =>
            {
                cancel(compensation.IdempotencyKey);
                return Task.CompletedTask;
            });
            return receipt.AlreadyRolledBack ? "cancelled before" : "cancelled";
        }
        catch (RollbackInFlightException flight)
        {
            return $"ask again in {flight.RetryAfter?.TotalSeconds} s";
        }
        catch (LeaseLostException)
        {
            return "ask an operator";
        }
        catch (TransactionNotFoundException)
        {
            return "never booked";
        }
    }

    public async Task<string> CancelTripAsync(string run)
    {
        var undo = await journal.UndoRunAsync(run, (_, _, _) => Task.CompletedTask);
        return undo.IsComplete ? "cancelled" : $"{undo.Remaining.Count} left: {undo.Failure?.Message}";
    }
}
