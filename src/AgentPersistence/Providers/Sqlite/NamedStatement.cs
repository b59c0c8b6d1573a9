using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>One command, whose parameters have names.</summary>
internal sealed class NamedStatement : SentStatement
{
    // Payloads are themselves JSON: they would grow by half if every quotation mark were escaped at length.
    private static readonly JsonSerializerOptions RowsText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SqliteCommand _command;

    public NamedStatement(UnitOfWork unit, SqlStatement statement)
    {
        _command = ((SqliteConnection)unit.Connection).CreateCommand();
        (_command.Transaction, _command.CommandText) = ((SqliteTransaction?)unit.Transaction, statement.Text);
    }

    public override void Set(string name, StoredType type, object? value) =>
        _command.Parameters.Add(name, SqliteValues.Type(type)).Value = SqliteValues.Of(value) ?? DBNull.Value;

    // SQLite has no arrays: a list is passed as JSON, and so are rows.
    public override void SetList<T>(string name, StoredType type, IReadOnlyCollection<T> values) =>
        Set(name, StoredType.Text, JsonSerializer.Serialize(values));

    public override void SetRows<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows) =>
        Set("rows", StoredType.Text, JsonSerializer.Serialize(rows.Select(row => columns.Select(c => SqliteValues.Of(c.Value(row))).ToArray()), RowsText));

    // SQLite bounds no work, only the wait for others: without a bound that blocks its thread for ever.
    public override void LetRun()
    {
    }

    public override Task<int> ExecuteAsync(CancellationToken cancellationToken) => _command.ExecuteNonQueryAsync(cancellationToken);

    public override async Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) =>
        await _command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);

    public override ValueTask DisposeAsync() => _command.DisposeAsync();
}
