using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure.Tests;

public sealed class PostgreSqlServerTests
{
    [Theory]
    [InlineData(PostgreSqlStop.Fast)]
    [InlineData(PostgreSqlStop.Immediate)]
    public async Task A_server_started_again_has_what_was_committed(PostgreSqlStop mode)
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using PostgreSqlTestDatabase database = new(server.Catalog, await server.CreateDatabaseAsync());
        await database.ExecuteAsync("CREATE TABLE t (n int); INSERT INTO t VALUES (1)");

        await server.StopAsync(mode);
        await Assert.ThrowsAsync<NpgsqlException>(() => database.CountAsync("t"));

        await server.StartAgainAsync();
        Assert.Equal(1, await database.CountAsync("t"));
    }

    [Fact]
    public async Task A_disposed_server_leaves_nothing_behind()
    {
        var server = await PostgreSqlServer.StartAsync(fsync: false);
        PostgreSqlTestDatabase database = new(server.Catalog, server.ConnectionString("postgres"));
        var data = (string)(await database.ScalarAsync("SHOW data_directory"))!;
        Assert.True(Directory.Exists(data));

        await server.DisposeAsync();

        Assert.False(Directory.Exists(data));
        await Assert.ThrowsAsync<NpgsqlException>(database.OpenAsync);
    }
}
