using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>
/// One statement, kept with its parameters from use to use: they are much of what a short call allocates. It is a command, for a batch that
/// is kept remembers what was prepared on its last connection.
/// </summary>
internal sealed class KeptStatement : NumberedStatement
{
    // As many as are likely to be on their way at once; what comes on top is made anew.
    private const int MostIdle = 64;

    private readonly NumberedText _text;
    private readonly NpgsqlCommand _command;
    private bool _isUnbounded;
    private bool _hasRun;

    private KeptStatement(NumberedText text)
    {
        _text = text;
        _command = new NpgsqlCommand(text.Text);
        foreach (var _ in text.Names)
        {
            _command.Parameters.Add(new NpgsqlParameter());
        }
    }

    /// <summary>The statement on the connection and in the transaction of a unit of work: one that is not in use, or a new one.</summary>
    public static KeptStatement For(UnitOfWork unit, NumberedText text)
    {
        var kept = text.Idle.TryDequeue(out var idle) ? (KeptStatement)idle : new KeptStatement(text);
        (kept._command.Connection, kept._command.Transaction) = ((NpgsqlConnection)unit.Connection, (NpgsqlTransaction?)unit.Transaction);
        return kept;
    }

    public override void LetRun() => (_isUnbounded, _command.CommandTimeout) = (true, 0);

    public override Task<int> ExecuteAsync(CancellationToken cancellationToken) => _command.ExecuteNonQueryAsync(cancellationToken);

    public override async Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) =>
        await _command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);

    public override void HasRun() => _hasRun = true;

    public override ValueTask DisposeAsync()
    {
        if (!_hasRun || _isUnbounded || _text.Idle.Count >= MostIdle)
        {
            return _command.DisposeAsync();
        }

        // What it held must not stay with it; and without a value it is refused.
        for (var i = 0; i < _command.Parameters.Count; i++)
        {
            _command.Parameters[i].Value = null;
        }

        // To set the text makes it forget what it was prepared as: somebody else may have that name on its next connection.
        _command.CommandText = _text.Text;
        (_command.Connection, _command.Transaction, _hasRun) = (null, null, false);
        _text.Idle.Enqueue(this);
        return ValueTask.CompletedTask;
    }

    protected override void Set(string name, NpgsqlDbType type, object value)
    {
        if (_text.NumberOf(name) is { } number)
        {
            Set(_command.Parameters[number], type, value);
        }
    }
}
