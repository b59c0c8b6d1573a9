using AgentPersistence.Benchmarks.Harness;
using Npgsql;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>By hand: a prepared INSERT of one row, each its own commit.</summary>
internal sealed class InsertedRows(PreparedConnections connections, Func<object?[]> next, Func<Task<long>> count) : IWork
{
    /// <param name="databases">Where the databases are made.</param>
    /// <param name="insert">Makes the INSERT, with its parameters typed.</param>
    /// <param name="next">Makes the values of a new row, in the order of the parameters.</param>
    /// <param name="count">The SQL that counts the rows.</param>
    public static DatabaseCompetitor On(PostgreSqlDatabases databases, Func<NpgsqlCommand> insert, Func<object?[]> next, string count) => new(
        "prepared INSERT, one row",
        databases,
        async (connectionString, callers) => new InsertedRows(
            await PreparedConnections.OpenAsync(connectionString, callers, insert),
            next,
            () => PostgreSqlDatabases.ScalarAsync<long>(connectionString, count)));

    public async Task<int> RunAsync(int caller)
    {
        var row = next();
        var commands = await connections.TakeAsync();
        commands[0].Fill(row);
        await commands[0].ExecuteNonQueryAsync();
        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() => count();

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
