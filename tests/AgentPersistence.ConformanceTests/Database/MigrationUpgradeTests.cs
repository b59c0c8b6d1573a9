using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Database;

public abstract class MigrationUpgradeTests(TestDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upgrading_from_the_first_migration_keeps_every_row()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);
        var migrations = await agent.Database.GetPendingMigrationsAsync(Cancellation);
        await EarlierSchema.CreateAsync(agent, migrations[0]);
        Assert.Equal(migrations.Skip(1), await agent.Database.GetPendingMigrationsAsync(Cancellation));

        var session = await agent.Sessions.CreateAsync(new NewSession { UserId = "u" }, Cancellation);
        var pending = await agent.Audit.LogAsync(new AuditEntry { UserId = "u", Status = AuditStatus.Pending }, Cancellation);
        await agent.Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        await agent.Metrics.RecordRunAsync(new RunMetrics { RunId = "run", FinalOutcome = "resolved" }, Cancellation);
        await agent.Customers.RecordInteractionAsync("customer", new CustomerInteraction { Denied = true }, Cancellation);
        var booked = await agent.Idempotency.ExecuteAsync(new IdempotencyRequest { Key = "k" }, _ => Task.FromResult("12A"), Cancellation);
        var record = await agent.Audit.FindAsync(pending.Id, Cancellation);

        await agent.Database.MigrateAsync(Cancellation);

        await using var upgraded = new Agent(database);
        Assert.Empty(await upgraded.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.Equal(session, await upgraded.Sessions.FindAsync(session.Id, Cancellation));
        Assert.Equal(record, await upgraded.Audit.FindAsync(pending.Id, Cancellation));
        Assert.Equal(new AuditVerification(true, 2, null, null), await upgraded.Verifier.VerifyAsync(1, Cancellation));
        Assert.Equal("resolved", (await upgraded.Metrics.FindRunAsync("run", Cancellation))!.FinalOutcome);
        Assert.Equal(1, (await upgraded.Customers.FindAsync("customer", Cancellation))!.TotalDenials);
        Assert.Equal(booked, await upgraded.Idempotency.ExecuteAsync(new IdempotencyRequest { Key = "k" }, _ => Task.FromResult("other"), Cancellation));
        Assert.NotNull(await upgraded.Conversations.GetOrCreateThreadAsync("telegram", "chat", Cancellation));
        Assert.Empty(await upgraded.Approvals.QueryAsync(new(), Cancellation));
        await upgraded.Incidents.RecordAsync(new NewIncident { SignalCluster = "disk full", Confidence = 1 }, Cancellation);
        Assert.Single((await upgraded.Incidents.FindSimilarAsync("disk", cancellationToken: Cancellation)).Matches);
    }
}
