using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;
using AgentPersistence.Incidents;
using Npgsql;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>The rights that the README grants are enough for what it says they are for, and for no more.</summary>
public sealed partial class PostgreSqlRightsTests(PostgreSqlDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agents_role_can_do_all_that_an_agent_does()
    {
        await using var database = await databases.CreateAsync();
        await using var role = await RoleAsync(database, "agent_app");
        await using var agent = new Agent(DatabaseKind.PostgreSql, role.ConnectionString);
        var tools = new ToolRunner(agent.Audit, agent.Idempotency, new RecordedTools());
        var player = new ConversationPlayer(agent.Database, agent.Sessions, agent.Metrics, tools, TimeProvider.System);

        await agent.Database.MigrateAsync(Cancellation);
        var played = await player.PlayAllAsync(ConversationFile.Read(ConversationFile.OwnConversations), Cancellation);
        var customer = played[0].Conversation.CustomerId!;

        var begun = await agent.Transactions.BeginAsync(new() { RunId = "run" }, Cancellation);
        await agent.Transactions.CompleteAsync(begun.Transaction.Id, null, Cancellation);
        var undo = await agent.Transactions.UndoRunAsync("run", (_, _, _) => Task.CompletedTask, null, Cancellation);

        Assert.True(undo.IsComplete);
        Assert.All(played, one => Assert.Equal(Play.Recorded, one.Play));
        Assert.True((await agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
        Assert.True(await agent.Sessions.DeleteAsync(played[0].Conversation.Id, Cancellation));
        Assert.True(await agent.Customers.DeleteAsync(customer, Cancellation));

        var action = JsonElement.Parse("1");
        var approval = await agent.Approvals.CreateAsync(new() { ProposalText = "?", Action = action }, Cancellation);
        await agent.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
        Assert.NotNull((await agent.Approvals.ConsumeAsync(approval.Id, action, Cancellation)).ConsumedAt);
        var incident = await agent.Incidents.RecordAsync(new NewIncident { SignalCluster = "disk full", Confidence = 1 }, Cancellation);
        await agent.Incidents.UpdateOutcomeAsync(incident.Id, IncidentOutcome.Completed, cancellationToken: Cancellation);
        Assert.Single((await agent.Incidents.FindSimilarAsync("disk", cancellationToken: Cancellation)).Matches);
    }

    [Theory]
    [InlineData("DELETE FROM agent_audit_log")]
    [InlineData("UPDATE agent_audit_log SET salt = NULL")]
    [InlineData("TRUNCATE agent_audit_log")]
    [InlineData("UPDATE agent_audit_staged SET status = 'x'")]
    [InlineData("DELETE FROM agent_audit_head")]
    [InlineData("DELETE FROM agent_approvals")]
    [InlineData("INSERT INTO agent_migrations_history VALUES ('x', 'x')")]
    [InlineData("ALTER TABLE agent_audit_log DISABLE TRIGGER ALL")]
    [InlineData("CREATE TABLE more (id int)")]
    public async Task The_agents_role_can_do_no_more(string sql)
    {
        await using var database = await databases.CreateAsync();
        await database.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        await using var role = await RoleAsync(database, "agent_app");
        await using var connection = new NpgsqlConnection(role.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task The_maintenance_role_can_erase_and_prune()
    {
        await using var database = await databases.CreateAsync();
        await using var owner = new Agent(database);
        await owner.Audit.LogAsync(new AuditEntry { UserId = "mia", Action = "refund" }, Cancellation);
        await using (var transaction = await owner.Database.BeginTransactionAsync(Cancellation))
        {
            // Left for the next one to chain, which is the maintenance role.
            await transaction.Audit.LogAsync(new AuditEntry { Action = "staged" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await using var role = await RoleAsync(database, "agent_maintenance");
        await using var app = await RoleAsync(database, "agent_app");
        await using var agent = new Agent(
            DatabaseKind.PostgreSql,
            app.ConnectionString,
            configure: options => options.Auditing.MaintenanceConnectionString = role.ConnectionString);

        var erased = await agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("mia"), Cancellation);
        var pruned = await agent.AuditMaintenance.PruneAsync(1, Cancellation);

        Assert.Equal((1, 1), (erased, pruned));
        Assert.True((await owner.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
    }

    /// <summary>Makes a role of its own, because roles belong to the server, with the rights that the README gives the named one.</summary>
    private static async Task<Role> RoleAsync(TestDatabase database, string named)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(ConversationData.Root!, "README.md"), Cancellation);
        var grants = Grants().Matches(text).Single(m => m.Groups["role"].Value == named).Groups["sql"].Value;
        var role = new Role(database, $"{named}_{Guid.CreateVersion7():n}");
        await database.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN");
        await database.ExecuteAsync(grants.Replace($"TO {named}", $"TO {role.Name}", StringComparison.Ordinal));
        return role;
    }

    [GeneratedRegex(@"<!-- rights: (?<role>\w+) -->\n```sql\n(?<sql>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Grants();

    private sealed class Role(TestDatabase database, string name) : IAsyncDisposable
    {
        public string Name { get; } = name;

        public string ConnectionString { get; } =
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = name, Pooling = false }.ConnectionString;

        public async ValueTask DisposeAsync() => await database.ExecuteAsync($"DROP OWNED BY {Name}; DROP ROLE {Name}");
    }
}
