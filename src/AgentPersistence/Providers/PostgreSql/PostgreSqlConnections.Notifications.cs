using System.Transactions;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlConnections
{
    // A connection whose network is gone says nothing, like one on which nothing happens.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    public override bool CanNotify => true;

    public override async Task NotifyAsync(string channel, string message, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAloneAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = channel }, new NpgsqlParameter<string> { TypedValue = message } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task ListenAsync(string channel, Action<string> hear, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAloneAsync(cancellationToken).ConfigureAwait(false);
        connection.Notification += (_, notification) => hear(notification.Payload);
        try
        {
            await ExecuteAsync(connection, $"LISTEN {channel}", cancellationToken).ConfigureAwait(false);

            // What was told before, while nobody listened, has not been heard.
            hear("");
            while (true)
            {
                if (!await connection.WaitAsync(LongestSilence, cancellationToken).ConfigureAwait(false))
                {
                    await ExecuteAsync(connection, "SELECT 1", cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            // The next user of the pooled connection has not asked to be told.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"UNLISTEN {channel}", CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<NpgsqlConnection> OpenAloneAsync(CancellationToken cancellationToken)
    {
        using var suppressed = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
