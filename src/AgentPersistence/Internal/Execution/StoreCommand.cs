using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>A statement with its parameters, on the connection and in the transaction of a unit of work.</summary>
internal readonly struct StoreCommand
{
    private readonly DbCommand _command;
    private readonly SqlDialect _dialect;

    public StoreCommand(UnitOfWork unit, SqlStatement statement)
    {
        _dialect = unit.Dialect;
        _command = unit.Connection.CreateCommand();
        _command.Transaction = unit.Transaction;
        _command.CommandText = statement.Text;
        if (statement.TakesNow)
        {
            Time("now", _dialect.Now);
        }
    }

    public StoreCommand Text(string name, string? value) => Add(_dialect.TextParameter(name, value));

    public StoreCommand Json(string name, string? value) => Add(_dialect.JsonParameter(name, value));

    public StoreCommand Number(string name, long? value) => Add(_dialect.NumberParameter(name, value));

    public StoreCommand Flag(string name, bool? value) => Add(_dialect.FlagParameter(name, value));

    public StoreCommand Time(string name, DateTimeOffset? value) => Add(_dialect.TimeParameter(name, value));

    public StoreCommand Id(string name, Guid? value) => Add(_dialect.IdParameter(name, value));

    public StoreCommand Bytes(string name, byte[]? value) => Add(_dialect.BytesParameter(name, value));

    public StoreCommand Texts(string name, IReadOnlyCollection<string> values) => Add(_dialect.TextsParameter(name, values));

    public StoreCommand Ids(string name, IReadOnlyCollection<Guid> values) => Add(_dialect.IdsParameter(name, values));

    /// <summary>Lets the statement take as long as it takes, where it reads any number of rows.</summary>
    public StoreCommand Unhurried()
    {
        _dialect.LetRun(_command);
        return this;
    }

    /// <summary>Many rows, for a statement that takes them by <c>Given</c>.</summary>
    public StoreCommand Rows<TRow>(BulkInsert<TRow> columns, IReadOnlyList<TRow> rows)
    {
        _dialect.AddGiven(_command, columns, rows);
        return this;
    }

    /// <summary>Runs the statement and returns the number of rows it changed.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        await using var command = _command;
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the first row of the last result that has one, or the default where no row came back. Results that only the server
    /// needs are skipped.
    /// </summary>
    public async Task<T?> ReadFirstAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken, int skipResults = 0)
    {
        await using var command = _command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var first = default(T);
        do
        {
            if (skipResults-- <= 0 && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                first = read(new StoreReader(_dialect, reader));
            }
        }
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));

        return first;
    }

    /// <summary>Returns the rows of the first result. Results before it that only the server needs are skipped.</summary>
    public async Task<List<T>> ReadAllAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken, int skipResults = 0)
    {
        var rows = new List<T>();
        await using var command = _command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (skipResults-- > 0)
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(new StoreReader(_dialect, reader)));
        }

        return rows;
    }

    /// <summary>Reads any number of rows as they come, for as long as it takes.</summary>
    public async Task<T> StreamAsync<T>(Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var command = Unhurried()._command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await read(reader).ConfigureAwait(false);
    }

    private StoreCommand Add(DbParameter parameter)
    {
        _command.Parameters.Add(parameter);
        return this;
    }
}
