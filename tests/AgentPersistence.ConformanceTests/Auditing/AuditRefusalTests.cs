using System.Data.Common;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>Rows that the database itself refuses, for whatever reason.</summary>
public abstract class AuditRefusalTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const string SqliteTrigger = """
        CREATE TRIGGER refuse BEFORE INSERT ON agent_audit_log WHEN NEW.action = 'refused'
        BEGIN SELECT RAISE(ABORT, 'refused by the test'); END
        """;

    private const string PostgreSqlTrigger = """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON agent_audit_log FOR EACH ROW WHEN (NEW.action = 'refused') EXECUTE FUNCTION refuse();
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_row_that_the_database_refuses_fails_its_caller_and_nobody_else(int refused)
    {
        await using var database = await Databases.CreateAsync();
        await database.ExecuteAsync(database.Kind == DatabaseKind.Sqlite ? SqliteTrigger : PostgreSqlTrigger);
        await using var agent = new Agent(database);
        await agent.Audit.LogAsync(new AuditEntry(), Cancellation);

        var calls = Enumerable.Range(0, 100).Select(i => agent.Audit.LogAsync(
            [
                new AuditEntry { RunId = $"run-{i}-many" },
                new AuditEntry { RunId = $"run-{i}-many", Action = i % 15 == 3 && i / 15 < refused ? "refused" : "fine" },
                new AuditEntry { RunId = $"run-{i}-many" },
            ],
            Cancellation)).ToList();
        var errors = await Task.WhenAll(calls.Select(
            c => Record.ExceptionAsync(() => c.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).AsTask()));

        Assert.Equal(refused, errors.OfType<Exception>().Count());
        Assert.All(
            errors.OfType<Exception>(),
            e => Assert.Contains("refused by the test", Assert.IsAssignableFrom<DbException>(e).Message, StringComparison.Ordinal));
        var log = await StoredAuditLog.ReadIntactAsync(database);
        Assert.Equal(1 + (3 * (100 - refused)), log.Rows.Count);
        log.AssertHolds([.. (await Task.WhenAll(calls.Where(c => c.IsCompletedSuccessfully)))
            .SelectMany(r => r).Select(r => new AuditAcknowledgement("logged", r.Id, r.Sequence!.Value, log.Rows[(int)r.Sequence!.Value - 1].RunId))]);
        await agent.Audit.LogAsync(new AuditEntry(), Cancellation);
    }
}
