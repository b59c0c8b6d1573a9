using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>
/// A batch whose parameters are numbered: Npgsql would write a text with named ones anew at every use, which costs more than the rest of
/// the call.
/// </summary>
internal sealed class NumberedStatement : SentStatement
{
    private readonly NpgsqlBatch _batch;
    private readonly IReadOnlyList<NumberedText> _texts;
    private readonly NpgsqlParameter?[][] _parameters;

    public NumberedStatement(UnitOfWork unit, SqlStatement statement)
    {
        _texts = statement.Numbered;
        _parameters = new NpgsqlParameter?[_texts.Count][];
        _batch = new NpgsqlBatch((NpgsqlConnection)unit.Connection, (NpgsqlTransaction?)unit.Transaction);
        for (var i = 0; i < _texts.Count; i++)
        {
            _parameters[i] = new NpgsqlParameter?[_texts[i].Names.Count];
            _batch.BatchCommands.Add(new NpgsqlBatchCommand(_texts[i].Text));
        }
    }

    public override void Add(DbParameter parameter)
    {
        var (given, name) = ((NpgsqlParameter)parameter, parameter.ParameterName);
        given.ParameterName = "";
        var isUsed = false;
        for (var i = 0; i < _texts.Count; i++)
        {
            if (_texts[i].NumberOf(name) is { } number)
            {
                _parameters[i][number] = isUsed ? given.Clone() : given;
                isUsed = true;
            }
        }
    }

    public override void LetRun() => _batch.Timeout = 0;

    public override Task<int> ExecuteAsync(CancellationToken cancellationToken) => Complete().ExecuteNonQueryAsync(cancellationToken);

    public override async Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) =>
        await Complete().ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);

    public override ValueTask DisposeAsync() => _batch.DisposeAsync();

    /// <summary>The batch with its parameters, in the order of their numbers.</summary>
    private NpgsqlBatch Complete()
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameters = _batch.BatchCommands[i].Parameters;
            for (var number = 0; number < _parameters[i].Length; number++)
            {
                parameters.Add(_parameters[i][number]
                    ?? throw new InvalidOperationException($"The statement is sent without @{_texts[i].Names[number]}."));
            }
        }

        return _batch;
    }
}
