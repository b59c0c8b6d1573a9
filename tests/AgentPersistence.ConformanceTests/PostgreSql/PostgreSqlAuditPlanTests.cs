using System.Globalization;
using System.Text.RegularExpressions;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>How PostgreSQL reads a page of a log that has grown, even before it has any statistics.</summary>
public sealed class PostgreSqlAuditPlanTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private Agent _agent = null!;

    public static TheoryData<string, AuditQuery> Queries => new()
    {
        { "newest", new AuditQuery() },
        { "next page", new AuditQuery { AfterSequence = 15_000 } },
        { "user with most of it", new AuditQuery { UserId = "u" } },
        { "run", new AuditQuery { RunId = "r", OldestFirst = true } },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _agent = new Agent(_database);
        await _database.ExecuteAsync("ALTER TABLE agent_audit_log SET (autovacuum_enabled = false)");
        var entries = Enumerable.Range(0, 20_000).Select(i => new AuditEntry { UserId = i % 4 == 0 ? $"u{i}" : "u", RunId = i % 999 == 0 ? "r" : null });
        foreach (var batch in entries.Chunk(1_000))
        {
            await _agent.Audit.LogAsync(batch, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Queries), DisableDiscoveryEnumeration = true)]
    public async Task The_newest_rows_are_sought_of_the_page_alone(string what, AuditQuery query)
    {
        var plan = await _agent.Get<OwnConnectionExecutor>().ReadAsync(
            (unit, ct) => ExplainAsync(AuditReader.Query(unit.Context, withStaged: false, query), ct), Cancellation);

        var sought = Regex.Match(plan, "ix_agent_audit_log_previous_id .*loops=([0-9]+)");
        Assert.True(sought.Success && int.Parse(sought.Groups[1].Value, CultureInfo.InvariantCulture) <= query.Limit, $"{what}:\n{plan}");
    }

    [Fact]
    public async Task The_few_actions_in_a_status_are_sought_by_its_index()
    {
        await _agent.Audit.LogAsync([new AuditEntry { Status = AuditStatus.Failure }], Cancellation);
        await _database.ExecuteAsync("ANALYZE agent_audit_log");

        var plan = await _agent.Get<OwnConnectionExecutor>().ReadAsync(
            (unit, ct) => ExplainAsync(AuditReader.QueryNewest(unit.Context, AuditStatus.Failure, 200), ct), Cancellation);

        Assert.Contains("ix_agent_audit_log_status_sequence", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("ix_agent_audit_log_sequence", plan, StringComparison.Ordinal);
    }

    private static async Task<string> ExplainAsync(IQueryable<AuditActionPair> query, CancellationToken cancellationToken)
    {
        await using var command = query.CreateDbCommand();
        command.CommandText = $"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {command.CommandText}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
