using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>
/// A statement over many rows whose command is kept from one use to the next: made anew, it and its parameters would be most of what a
/// lone append allocates.
/// </summary>
internal sealed class KeptCommand<TRow>
{
    private readonly IReadOnlyList<NumberedText> _texts;
    private readonly IReadOnlyList<BulkColumn<TRow>> _columns;
    private readonly bool _takesArrays;
    private readonly IReadOnlyList<NpgsqlDbType> _types;
    private NpgsqlBatch? _idle;

    /// <param name="statement">
    /// The statement, with the columns as <c>@c0</c>, <c>@c1</c>, …; what precedes it in the same round trip has no parameters.
    /// </param>
    /// <param name="columns">The columns.</param>
    /// <param name="takesArrays">Whether a column is an array of all rows' values, or the value of the one row.</param>
    /// <param name="others">Its other parameters.</param>
    public KeptCommand(
        SqlStatement statement,
        IReadOnlyList<BulkColumn<TRow>> columns,
        bool takesArrays,
        IReadOnlyList<(string Name, NpgsqlDbType Type)> others)
    {
        string[] names = [.. columns.Select((_, i) => $"c{i}"), .. others.Select(o => o.Name)];
        _texts = statement.NumberedAs(names);
        _columns = columns;
        _takesArrays = takesArrays;
        _types =
        [
            .. columns.Select(c => takesArrays ? BulkArrays.Type(c.Type) : BulkArrays.ElementType(c.Type)),
            .. others.Select(o => o.Type),
        ];
    }

    /// <summary>Runs the statement with the rows and the values of the other parameters; returns how many it changed.</summary>
    public async Task<int> ExecuteAsync(UnitOfWork unit, IReadOnlyList<TRow> rows, object[] values, CancellationToken cancellationToken)
    {
        // Who comes while it is in use makes another; the last one is kept, and none that failed.
        var batch = Interlocked.Exchange(ref _idle, null) ?? Create();
        (batch.Connection, batch.Transaction) = ((NpgsqlConnection)unit.Connection, (NpgsqlTransaction?)unit.Transaction);
        var parameters = batch.BatchCommands[^1].Parameters;
        for (var i = 0; i < values.Length; i++)
        {
            parameters[_columns.Count + i].Value = values[i];
        }

        SetRows(parameters, rows);
        var changed = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        Forget(parameters);
        batch.Connection = null;
        _idle = batch;
        return changed;
    }

    private NpgsqlBatch Create()
    {
        var batch = new NpgsqlBatch();
        foreach (var text in _texts)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(text.Text));
        }

        foreach (var type in _types)
        {
            batch.BatchCommands[^1].Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }

        return batch;
    }

    private void SetRows(NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            parameters[i].Value = _takesArrays ? BulkArrays.Of(_columns[i], rows) : BulkArrays.One(_columns[i], rows[0]);
        }
    }

    // What the rows hold must not stay with the command.
    private void Forget(NpgsqlParameterCollection parameters)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            parameters[i].Value = _takesArrays ? BulkArrays.Of(_columns[i], []) : DBNull.Value;
        }
    }
}
