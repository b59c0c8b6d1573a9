using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using Npgsql;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlAuditProtectionTests(PostgreSqlDatabases databases) : AuditProtectionTests(databases)
{
    [Theory]
    [InlineData("TRUNCATE agent_audit_log")]
    [InlineData("TRUNCATE agent_sessions, agent_audit_log CASCADE")]
    public Task The_log_cannot_be_truncated(string sql) => AssertRefusedAsync(sql);

    [Fact]
    public async Task A_row_that_is_there_is_refused_as_a_duplicate_and_nothing_else_is()
    {
        await using var database = await CreateAsync();

        var again = await Assert.ThrowsAsync<PostgresException>(
            () => database.ExecuteAsync("INSERT INTO agent_audit_log SELECT * FROM agent_audit_log WHERE sequence = 2"));
        var deleted = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("DELETE FROM agent_audit_log"));

        Assert.Equal((true, false), (IsTakenForADuplicate(again), IsTakenForADuplicate(deleted)));
    }
}
