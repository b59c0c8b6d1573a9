using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>A statement with its parameters, on the connection and in the transaction of a unit of work.</summary>
internal readonly struct StoreCommand
{
    private readonly SentStatement _sent;
    private readonly SqlDialect _dialect;

    public StoreCommand(UnitOfWork unit, SqlStatement statement)
    {
        _dialect = unit.Dialect;
        _sent = _dialect.CreateStatement(unit, statement);
        if (statement.TakesNow)
        {
            Time("now", _dialect.Now);
        }
    }

    public StoreCommand Text(string name, string? value) => Set(name, StoredType.Text, value);

    public StoreCommand Json(string name, string? value) => Set(name, StoredType.Json, value);

    public StoreCommand Number(string name, long? value) => Set(name, StoredType.Number, value);

    public StoreCommand Flag(string name, bool? value) => Set(name, StoredType.Flag, value);

    public StoreCommand Time(string name, DateTimeOffset? value) => Set(name, StoredType.Time, value);

    public StoreCommand Id(string name, Guid? value) => Set(name, StoredType.Id, value);

    public StoreCommand Bytes(string name, byte[]? value) => Set(name, StoredType.Bytes, value);

    public StoreCommand Texts(string name, IReadOnlyCollection<string> values) => SetList(name, StoredType.Text, values);

    public StoreCommand Ids(string name, IReadOnlyCollection<Guid> values) => SetList(name, StoredType.Id, values);

    /// <summary>Lets the statement take as long as it takes, where it reads any number of rows.</summary>
    public StoreCommand Unhurried()
    {
        _sent.LetRun();
        return this;
    }

    /// <summary>Many rows, for a statement that takes them by <c>Given</c>.</summary>
    public StoreCommand Rows<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        _sent.SetRows(columns, rows);
        return this;
    }

    /// <summary>One row, for a statement that takes its columns as <c>@c0</c>, <c>@c1</c>, ….</summary>
    public StoreCommand Row<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, TRow row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            _sent.Set(BulkParameter.Name(i), columns[i].Type, columns[i].Value(row));
        }

        return this;
    }

    /// <summary>Runs the statement and returns the number of rows it changed.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        await using var sent = _sent;
        var changed = await sent.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        sent.HasRun();
        return changed;
    }

    /// <summary>
    /// Returns the first row of the last result that has one, or the default where no row came back. Results that only the server
    /// needs are skipped.
    /// </summary>
    public async Task<T?> ReadFirstAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken, int skipResults = 0)
    {
        await using var sent = _sent;
        await using var reader = await sent.ReadAsync(cancellationToken).ConfigureAwait(false);
        var first = default(T);
        do
        {
            if (skipResults-- <= 0 && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                first = read(new StoreReader(_dialect, reader));
            }
        }
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));

        sent.HasRun();
        return first;
    }

    /// <summary>Returns the rows of the first result. Results before it that only the server needs are skipped.</summary>
    public async Task<List<T>> ReadAllAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken, int skipResults = 0)
    {
        var rows = new List<T>();
        await using var sent = _sent;
        await using var reader = await sent.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (skipResults-- > 0)
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(new StoreReader(_dialect, reader)));
        }

        // To the very end: what a statement has written is committed only then, and a reader that is closed before swallows what fails.
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        sent.HasRun();
        return rows;
    }

    /// <summary>Reads any number of rows as they come, for as long as it takes.</summary>
    public async Task<T> StreamAsync<T>(Func<DbDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var sent = Unhurried()._sent;
        await using var reader = await sent.ReadAsync(cancellationToken).ConfigureAwait(false);
        return await read(reader).ConfigureAwait(false);
    }

    private StoreCommand Set(string name, StoredType type, object? value)
    {
        _sent.Set(name, type, value);
        return this;
    }

    private StoreCommand SetList<T>(string name, StoredType type, IReadOnlyCollection<T> values)
    {
        _sent.SetList(name, type, values);
        return this;
    }
}
