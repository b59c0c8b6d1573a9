using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;
using Npgsql;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class RuntimeRoleTests(PostgreSqlDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_may_only_read_and_write_rows_can_start_and_work()
    {
        await using var database = await databases.CreateAsync();
        var role = $"agent_runtime_{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"""
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            CREATE ROLE {role} LOGIN;
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}
            """);
        try
        {
            var connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role }.ConnectionString;
            await using var agent = new Agent(DatabaseKind.PostgreSql, connectionString);

            await agent.Database.MigrateAsync(Cancellation);
            var session = await agent.Sessions.CreateAsync(new NewSession(), Cancellation);

            Assert.Empty(await agent.Database.GetPendingMigrationsAsync(Cancellation));
            Assert.True(await agent.Sessions.DeleteAsync(session.Id, Cancellation));
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connectionString, "CREATE TABLE mine (id int)"));
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        NpgsqlConnectionStringBuilder unpooled = new(connectionString) { Pooling = false };
        await using NpgsqlConnection connection = new(unpooled.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
