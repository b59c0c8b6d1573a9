using System.Data.Common;
using AgentPersistence;
using QuickStart.Conversations;

namespace AgentHost.Work;

/// <summary>What has become of changes.</summary>
/// <param name="Made">How many there are, those that were undone included.</param>
/// <param name="Undone">How many of them were undone.</param>
/// <param name="Twice">How many were made again, or undone again: none, ever.</param>
public sealed record ChangeCount(long Made, long Undone, long Twice);

/// <summary>
/// A table of the host's own, in which the tools' changes are rows. It has no unique key on purpose: a change made twice, or undone twice,
/// would show.
/// </summary>
public sealed class HostTable(IAgentDatabase database)
{
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        await using var command = CommandOf(
            transaction,
            """
            CREATE TABLE IF NOT EXISTS host_changes
            (id varchar(36) NOT NULL, run_id varchar(255) NOT NULL, call_number integer NOT NULL, tool varchar(255) NOT NULL,
            undone integer NOT NULL)
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Makes a change, and returns what undoing it takes.</summary>
    public static async Task<string> AddAsync(
        IAgentTransaction transaction, string runId, ToolCall call, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7().ToString();
        await using var command = CommandOf(
            transaction,
            "INSERT INTO host_changes (id, run_id, call_number, tool, undone) VALUES (@id, @run, @call, @tool, 0)",
            ("id", id), ("run", runId), ("call", call.Number), ("tool", call.Name));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    public static async Task UndoAsync(IAgentTransaction transaction, string id, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(transaction, "UPDATE host_changes SET undone = undone + 1 WHERE id = @id", ("id", id));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<ChangeCount> CountAsync(IEnumerable<string> runIds, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var total = new ChangeCount(0, 0, 0);
        foreach (var run in runIds)
        {
            await using var command = CommandOf(
                transaction,
                """
                SELECT count(*), count(*) FILTER (WHERE undone > 0),
                    count(*) - count(DISTINCT call_number) + count(*) FILTER (WHERE undone > 1)
                FROM host_changes WHERE run_id = @run
                """,
                ("run", run));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (made, undone, twice) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            total = new ChangeCount(total.Made + made, total.Undone + undone, total.Twice + twice);
        }

        return total;
    }

    /// <summary>A statement of the host's own, in the transaction of the stores.</summary>
    private static DbCommand CommandOf(IAgentTransaction transaction, string sql, params (string Name, object Value)[] parameters)
    {
        var command = transaction.DbTransaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction.DbTransaction, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
