using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>
/// A statement over many rows whose command is kept from one use to the next: made anew, it and its parameters would be most of what a
/// lone append allocates. It is a command and not a batch: a batch that is kept remembers what was prepared on its last connection.
/// </summary>
/// <param name="statement">The statement, with the columns as <c>@c0</c>, <c>@c1</c>, …</param>
/// <param name="columns">The columns.</param>
/// <param name="takesArrays">Whether a column is an array of all rows' values, or the value of the one row.</param>
/// <param name="others">Its other parameters.</param>
internal sealed class KeptCommand<TRow>(
    SqlStatement statement,
    IReadOnlyList<BulkColumn<TRow>> columns,
    bool takesArrays,
    IReadOnlyList<(string Name, NpgsqlDbType Type)> others)
{
    private readonly string _text =
        NumberedText.Of(statement.Text, [.. columns.Select((_, i) => $"c{i}"), .. others.Select(o => o.Name)]).Text;

    private NpgsqlCommand? _idle;

    /// <summary>Runs the statement with the rows and the values of the other parameters; returns how many it changed.</summary>
    public async Task<int> ExecuteAsync(UnitOfWork unit, IReadOnlyList<TRow> rows, object[] values, CancellationToken cancellationToken)
    {
        // Who comes while it is in use makes another; the last one is kept, and none that failed.
        var command = Interlocked.Exchange(ref _idle, null) ?? Create();
        (command.Connection, command.Transaction) = ((NpgsqlConnection)unit.Connection, (NpgsqlTransaction?)unit.Transaction);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[columns.Count + i].Value = values[i];
        }

        SetRows(command, rows);
        var changed = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        Forget(command);
        command.Connection = null;
        _idle = command;
        return changed;
    }

    private NpgsqlCommand Create()
    {
        var command = new NpgsqlCommand(_text);
        var array = takesArrays ? NpgsqlDbType.Array : default;
        foreach (var type in columns.Select(c => array | BulkArrays.ElementType(c.Type)).Concat(others.Select(o => o.Type)))
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }

        return command;
    }

    private void SetRows(NpgsqlCommand command, IReadOnlyList<TRow> rows)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters[i].Value = takesArrays ? BulkArrays.Of(columns[i], rows) : BulkArrays.One(columns[i], rows[0]);
        }
    }

    // What the rows hold must not stay with the command.
    private void Forget(NpgsqlCommand command)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters[i].Value = takesArrays ? BulkArrays.Of(columns[i], []) : DBNull.Value;
        }
    }
}
