using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditRefusalUpgradeTests(SqliteDatabases databases)
{
    private const string Refusal = "SELECT sql FROM sqlite_master WHERE name = 'agent_audit_log_refuse_replace'";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upgrading_gives_an_older_audit_log_todays_refusal_of_replacements()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);
        await EarlierSchema.CreateAsync(agent, (await agent.Database.GetPendingMigrationsAsync(Cancellation))[0]);
        var todays = await database.ScalarAsync(Refusal);
        await database.ExecuteAsync("""
            DROP TRIGGER agent_audit_log_refuse_replace;
            CREATE TRIGGER agent_audit_log_refuse_replace BEFORE INSERT ON agent_audit_log BEGIN SELECT RAISE(ABORT, 'always'); END;
            """);

        await agent.Database.MigrateAsync(Cancellation);

        Assert.NotNull(todays);
        Assert.Equal(todays, await database.ScalarAsync(Refusal));
    }
}
