using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>One command, whose parameters have names.</summary>
internal sealed class NamedStatement : SentStatement
{
    private readonly DbCommand _command;

    public NamedStatement(UnitOfWork unit, SqlStatement statement)
    {
        _command = unit.Connection.CreateCommand();
        (_command.Transaction, _command.CommandText) = (unit.Transaction, statement.Text);
    }

    public override void Add(DbParameter parameter) => _command.Parameters.Add(parameter);

    // SQLite bounds no work, only the wait for others: without a bound that blocks its thread for ever.
    public override void LetRun()
    {
    }

    public override Task<int> ExecuteAsync(CancellationToken cancellationToken) => _command.ExecuteNonQueryAsync(cancellationToken);

    public override Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) => _command.ExecuteReaderAsync(cancellationToken);

    public override ValueTask DisposeAsync() => _command.DisposeAsync();
}
