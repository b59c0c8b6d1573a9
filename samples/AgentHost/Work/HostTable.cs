using AgentPersistence;

namespace AgentHost.Work;

/// <summary>
/// A table of the host's own, in which the tools' changes are rows. It has no unique key on purpose: a change made twice, or undone twice,
/// would show.
/// </summary>
public sealed class HostTable(IAgentDatabase database)
{
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            transaction,
            "CREATE TABLE IF NOT EXISTS host_changes (id varchar(36) NOT NULL, run_id varchar(255) NOT NULL, tool varchar(255) NOT NULL, "
            + "undone integer NOT NULL)",
            [],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task<string> AddAsync(IAgentTransaction transaction, string runId, string tool, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7().ToString();
        await ExecuteAsync(
            transaction,
            "INSERT INTO host_changes (id, run_id, tool, undone) VALUES (@id, @run, @tool, 0)",
            [("id", id), ("run", runId), ("tool", tool)],
            cancellationToken);
        return id;
    }

    public static Task UndoAsync(IAgentTransaction transaction, string id, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction, "UPDATE host_changes SET undone = undone + 1 WHERE id = @id", [("id", id)], cancellationToken);

    /// <summary>How many changes stand, how many are undone, and how many were undone more than once.</summary>
    public async Task<(long Standing, long Undone, long UndoneTwice)> CountAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        await using var command = transaction.DbTransaction.Connection!.CreateCommand();
        command.Transaction = transaction.DbTransaction;
        command.CommandText =
            """
            SELECT count(*) FILTER (WHERE undone = 0), count(*) FILTER (WHERE undone > 0), count(*) FILTER (WHERE undone > 1)
            FROM host_changes
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private static async Task ExecuteAsync(
        IAgentTransaction transaction, string sql, (string Name, string Value)[] parameters, CancellationToken cancellationToken)
    {
        await using var command = transaction.DbTransaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction.DbTransaction, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
