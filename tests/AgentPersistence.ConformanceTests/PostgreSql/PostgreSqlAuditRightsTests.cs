using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using Npgsql;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>What the roles of the application and of its maintenance need to be granted, and what they cannot do with it.</summary>
public sealed class PostgreSqlAuditRightsTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private readonly string _application = $"agent_app_{Guid.NewGuid():N}";
    private readonly string _maintenance = $"agent_ops_{Guid.NewGuid():N}";
    private TestDatabase _database = null!;
    private Agent _agent = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        await _database.ExecuteAsync($"""
            CREATE ROLE {_application} LOGIN PASSWORD 'application';
            GRANT SELECT ON agent_migrations_history TO {_application};
            GRANT SELECT, INSERT ON agent_audit_log TO {_application};
            GRANT SELECT, INSERT, DELETE ON agent_audit_staged TO {_application};
            GRANT SELECT, UPDATE ON agent_audit_head TO {_application};

            CREATE ROLE {_maintenance} LOGIN PASSWORD 'maintenance';
            GRANT SELECT, INSERT, UPDATE, DELETE ON agent_audit_log TO {_maintenance};
            GRANT SELECT, DELETE ON agent_audit_staged TO {_maintenance};
            GRANT SELECT, UPDATE ON agent_audit_head TO {_maintenance}
            """);
        _agent = new Agent(DatabaseKind.PostgreSql, As(_application, "application"), configure: options =>
            options.Auditing.MaintenanceConnectionString = As(_maintenance, "maintenance"));
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.ExecuteAsync(
            $"DROP OWNED BY {_application}; DROP ROLE {_application}; DROP OWNED BY {_maintenance}; DROP ROLE {_maintenance}");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_application_logs_completes_reads_verifies_and_makes_checkpoints()
    {
        await _agent.Database.MigrateAsync(Cancellation);
        var receipt = await _agent.Audit.LogAsync(
            new AuditEntry { UserId = "u", Status = AuditStatus.Pending, IdempotencyKey = "k" }, Cancellation);
        Assert.True((await _agent.Audit.LogAsync(new AuditEntry { IdempotencyKey = "k" }, Cancellation)).AlreadyLogged);
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);
            await transaction.Audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(2, (await _agent.Audit.GetByUserAsync("u", cancellationToken: Cancellation)).Count);
        await _agent.Audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.RolledBack, JsonElement.Parse("1")), Cancellation);
        var checkpoint = await _agent.Verifier.CreateCheckpointAsync(Cancellation);

        Assert.Equal(4, checkpoint.Sequence);
        Assert.Equal(new AuditVerification(true, 4, null, null), await _agent.Verifier.VerifyAgainstAsync(checkpoint, Cancellation));
    }

    [Theory]
    [InlineData("DELETE FROM agent_audit_log")]
    [InlineData("UPDATE agent_audit_log SET action = 'changed'")]
    [InlineData("UPDATE agent_audit_log SET salt = NULL, erased_by = id, user_id = NULL")]
    [InlineData("TRUNCATE agent_audit_log")]
    [InlineData("ALTER TABLE agent_audit_log DISABLE TRIGGER ALL")]
    [InlineData("DROP TRIGGER agent_audit_log_refuse_delete ON agent_audit_log")]
    [InlineData("CREATE OR REPLACE FUNCTION agent_audit_log_refuse_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")]
    [InlineData("DELETE FROM agent_audit_head")]
    [InlineData("DROP TABLE agent_audit_log")]
    public async Task The_application_can_neither_change_nor_delete_nor_unprotect_the_log(string sql)
    {
        await _agent.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(As(_application, "application"), sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal(new AuditVerification(true, 1, null, null), await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Moving_the_head_alone_lets_the_application_delete_nothing()
    {
        await _agent.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);

        await ExecuteAsync(As(_application, "application"), "UPDATE agent_audit_head SET pruned_sequence = 1, pruned_hash = hash");

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(As(_application, "application"), "DELETE FROM agent_audit_log"));
        var verification = await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        Assert.Equal((false, 1, AuditFault.UnrecordedPrune), (verification.IsIntact, verification.FirstBadSequence, verification.Reason));
    }

    [Fact]
    public async Task Maintenance_prunes_and_erases_with_its_own_connection()
    {
        await _agent.Audit.LogAsync([.. Enumerable.Repeat(new AuditEntry { UserId = "u" }, 4)], Cancellation);
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(5, await _agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation));
        Assert.Equal(2, await _agent.AuditMaintenance.PruneAsync(2, Cancellation));

        Assert.Equal(new AuditVerification(true, 5, null, null), await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("DELETE FROM agent_audit_log")]
    [InlineData("UPDATE agent_audit_log SET action = 'changed'")]
    public async Task The_triggers_hold_for_maintenance_too(string sql)
    {
        await _agent.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(As(_maintenance, "maintenance"), sql));

        Assert.Equal("23001", refused.SqlState);
    }

    [Fact]
    public async Task Without_a_maintenance_connection_the_application_can_neither_prune_nor_erase()
    {
        await using var agent = new Agent(DatabaseKind.PostgreSql, As(_application, "application"));
        await agent.Audit.LogAsync(new AuditEntry { UserId = "u" }, Cancellation);

        var prune = await Assert.ThrowsAsync<PostgresException>(() => agent.AuditMaintenance.PruneAsync(1, Cancellation));
        var erase = await Assert.ThrowsAsync<PostgresException>(
            () => agent.AuditMaintenance.EraseAsync(AuditErasure.ByUser("u"), Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, prune.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, erase.SqlState);
        Assert.Equal(new AuditVerification(true, 1, null, null), await agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    private string As(string role, string password) => new NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Username = role,
        Password = password,
    }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
