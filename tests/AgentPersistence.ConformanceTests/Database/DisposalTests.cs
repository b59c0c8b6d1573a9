using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.ConformanceTests.Database;

public abstract class DisposalTests(TestDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_does_not_await_its_disposal_loses_nothing_either()
    {
        await using var database = await databases.CreateAsync();
        List<Task<AuditReceipt>> logs;
        using (var services = new ServiceCollection().AddAgentPersistence(options => _ = database.Kind == DatabaseKind.Sqlite
            ? options.UseSqlite(database.ConnectionString)
            : options.UsePostgreSql(database.ConnectionString)).Services.BuildServiceProvider())
        {
            var thread = await services.GetRequiredService<IConversationStore>().GetOrCreateThreadAsync("telegram", "chat", Cancellation);
            Assert.NotNull(thread);
            _ = services.GetRequiredService<IAuditMaintenance>();
            logs = [.. Enumerable.Range(0, 100).Select(_ => services.GetRequiredService<IAuditLogger>().LogAsync(new AuditEntry(), Cancellation))];
        }

        await Task.WhenAll(logs);
        Assert.Equal(100, await database.CountAsync("agent_audit_log"));
    }
}
