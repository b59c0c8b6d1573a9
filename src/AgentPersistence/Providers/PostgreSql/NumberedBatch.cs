using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>Several statements, sent at once.</summary>
internal sealed class NumberedBatch : NumberedStatement
{
    private readonly NpgsqlBatch _batch;
    private readonly IReadOnlyList<NumberedText> _texts;

    public NumberedBatch(UnitOfWork unit, IReadOnlyList<NumberedText> texts)
    {
        _texts = texts;
        _batch = new NpgsqlBatch((NpgsqlConnection)unit.Connection, (NpgsqlTransaction?)unit.Transaction);
        foreach (var text in texts)
        {
            var command = new NpgsqlBatchCommand(text.Text);
            foreach (var _ in text.Names)
            {
                command.Parameters.Add(new NpgsqlParameter());
            }

            _batch.BatchCommands.Add(command);
        }
    }

    public override void LetRun() => _batch.Timeout = 0;

    public override Task<int> ExecuteAsync(CancellationToken cancellationToken) => _batch.ExecuteNonQueryAsync(cancellationToken);

    public override async Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) =>
        await _batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);

    public override ValueTask DisposeAsync() => _batch.DisposeAsync();

    protected override void Set(string name, NpgsqlDbType type, object value)
    {
        for (var i = 0; i < _texts.Count; i++)
        {
            if (_texts[i].NumberOf(name) is { } number)
            {
                Set(_batch.BatchCommands[i].Parameters[number], type, value);
            }
        }
    }
}
