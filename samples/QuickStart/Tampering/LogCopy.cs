using System.Data.Common;
using AgentPersistence;

namespace QuickStart.Tampering;

/// <summary>A copy of the audit log that somebody tampers with; the log itself is only read. Disposing it removes it.</summary>
public abstract class LogCopy : IAsyncDisposable
{
    /// <summary>Points the library at the copy.</summary>
    public abstract void Use(AgentPersistenceOptions options);

    /// <summary>Changes what one row says a tool was given, past the triggers, as an intruder with all rights would.</summary>
    public async Task ChangeInputAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var connection = await OpenWithoutTriggersAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """UPDATE agent_audit_log SET input_data = '{"changed":"afterwards"}' WHERE sequence = @sequence""";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@sequence", sequence);
        command.Parameters.Add(parameter);
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new InvalidOperationException($"The copy of the audit log has no row {sequence}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<DbConnection> OpenWithoutTriggersAsync(CancellationToken cancellationToken);

    protected abstract Task RemoveAsync();

    protected static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
