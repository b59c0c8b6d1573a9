using System.Buffers;
using System.Text;
using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>
/// One INSERT, prepared once and run with the values of row after row. On the driver's handle, because its command looks every parameter
/// up by name for every row, and allocated more than two thirds of what an append did.
/// </summary>
internal sealed class PreparedInsert<TRow> : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly SqliteConnection _connection;
    private readonly IReadOnlyList<BulkColumn<TRow>> _columns;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = ArrayPool<byte>.Shared.Rent(1024);

    /// <param name="connection">The connection, in the transaction that the rows are inserted in.</param>
    /// <param name="statement">The INSERT; it names <c>@c0</c>, <c>@c1</c>, … in this order, some perhaps more than once.</param>
    /// <param name="columns">What they are.</param>
    public PreparedInsert(SqliteConnection connection, SqlStatement statement, IReadOnlyList<BulkColumn<TRow>> columns)
    {
        (_connection, _columns) = (connection, columns);
        Check(raw.sqlite3_prepare_v2(connection.Handle!, statement.Text, out _statement));
    }

    /// <summary>Inserts the rows, and returns how many those were.</summary>
    public int Run(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        var inserted = 0;
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inserted += Run(row);
        }

        return inserted;
    }

    public void Dispose()
    {
        _statement.Dispose();
        ArrayPool<byte>.Shared.Return(_text);
    }

    private int Run(TRow row)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            Check(Bind(i + 1, _columns[i].Value(row)));
        }

        try
        {
            Step();
            return raw.sqlite3_changes(_connection.Handle!);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    // In memory other connections lock whole tables; the driver waits for them no longer than this either.
    private void Step()
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = raw.sqlite3_step(_statement);
        while (result is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_LOCKED_SHAREDCACHE
            && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(_connection.DefaultTimeout))
        {
            raw.sqlite3_reset(_statement);
            Thread.Sleep(Pause);
            result = raw.sqlite3_step(_statement);
        }

        Check(result);
    }

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        string text => BindText(place, text),
        Guid id => BindId(place, id),
        byte[] bytes => bytes.Length == 0
            ? raw.sqlite3_bind_zeroblob(_statement, place, 0)
            : raw.sqlite3_bind_blob(_statement, place, bytes.AsSpan()),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        bool flag => raw.sqlite3_bind_int64(_statement, place, flag ? 1 : 0),
        double real => raw.sqlite3_bind_double(_statement, place, real),

        // What SQLite has no type for is kept as a number.
        _ => raw.sqlite3_bind_int64(_statement, place, (long)SqliteValues.Of(value)!),
    };

    private int BindText(int place, string text)
    {
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(_statement, place, "");
        }

        if (Encoding.UTF8.GetMaxByteCount(text.Length) is var most && most > _text.Length)
        {
            ArrayPool<byte>.Shared.Return(_text);
            _text = ArrayPool<byte>.Shared.Rent(most);
        }

        return raw.sqlite3_bind_text(_statement, place, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)));
    }

    private int BindId(int place, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        return raw.sqlite3_bind_text(_statement, place, text);
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            SqliteException.ThrowExceptionForRC(result, _connection.Handle);
        }
    }
}
