using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>
/// Open connections, each with its own prepared commands: as fast as hand-written code gets. Whoever calls takes one and puts it back.
/// </summary>
internal sealed class PreparedConnections : IAsyncDisposable
{
    private readonly Channel<NpgsqlCommand[]> _free = Channel.CreateUnbounded<NpgsqlCommand[]>();
    private readonly List<NpgsqlConnection> _all = [];

    /// <param name="connectionString">The database.</param>
    /// <param name="callers">How many will call at once; more than the connections take turns.</param>
    /// <param name="commands">Makes the commands of a connection, with their parameters typed.</param>
    public static async Task<PreparedConnections> OpenAsync(string connectionString, int callers, params Func<NpgsqlCommand>[] commands)
    {
        var opened = new PreparedConnections();
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        for (var i = 0; i < Math.Min(callers, PostgreSqlDatabases.MaxConnections); i++)
        {
            var connection = new NpgsqlConnection(unpooled);
            opened._all.Add(connection);
            await connection.OpenAsync();
            var prepared = commands.Select(make => make()).ToArray();
            foreach (var command in prepared)
            {
                command.Connection = connection;
                await command.PrepareAsync();
            }

            opened._free.Writer.TryWrite(prepared);
        }

        return opened;
    }

    /// <summary>A command whose parameters $1, $2, … have these types.</summary>
    public static NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlDbType> types)
    {
        var command = new NpgsqlCommand(sql);
        foreach (var type in types)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }

        return command;
    }

    public ValueTask<NpgsqlCommand[]> TakeAsync() => _free.Reader.ReadAsync();

    public void PutBack(NpgsqlCommand[] commands) => _free.Writer.TryWrite(commands);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _all)
        {
            await connection.DisposeAsync();
        }
    }
}
