using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentPersistence.ConformanceTests.Database;

public abstract class MigrationTests(TestDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_processes_may_migrate_one_empty_database_at_once()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);
        var migrations = await agent.Database.GetPendingMigrationsAsync(Cancellation);

        await MigrateAsync(database, processes: 8, killed: 0);

        Assert.NotEmpty(migrations);
        Assert.Empty(await agent.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.Equal(migrations.Count, await database.CountAsync("agent_migrations_history"));
        Assert.NotNull(await agent.Sessions.CreateAsync(new NewSession(), Cancellation));
    }

    [Fact]
    public async Task A_process_killed_while_it_migrates_stops_nobody_else()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);

        await MigrateAsync(database, processes: 5, killed: 3);

        await agent.Database.MigrateAsync(Cancellation);
        Assert.Empty(await agent.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.NotNull(await agent.Sessions.CreateAsync(new NewSession(), Cancellation));
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing_and_keeps_the_rows()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);
        await agent.Database.MigrateAsync(Cancellation);
        var session = await agent.Sessions.CreateAsync(new NewSession(), Cancellation);
        var schema = await database.DescribeSchemaAsync();

        await agent.Database.MigrateAsync(Cancellation);

        Assert.Contains("agent_sessions", schema, StringComparison.Ordinal);
        Assert.Equal(schema, await database.DescribeSchemaAsync());
        Assert.Equal(session, await agent.Sessions.FindAsync(session.Id, Cancellation));
    }

    [Fact]
    public async Task The_script_applied_by_hand_once_or_twice_makes_the_same_schema()
    {
        await using var migrated = await databases.CreateAsync();
        await using var scripted = await databases.CreateEmptyAsync();
        await using var agent = new Agent(scripted);
        var script = agent.Database.GenerateMigrationScript();

        await scripted.ExecuteAsync(script);
        var session = await agent.Sessions.CreateAsync(new NewSession(), Cancellation);
        await scripted.ExecuteAsync(script);

        Assert.Empty(await agent.Database.GetPendingMigrationsAsync(Cancellation));
        Assert.Equal(await migrated.DescribeSchemaAsync(), await scripted.DescribeSchemaAsync());
        Assert.Equal(session, await agent.Sessions.FindAsync(session.Id, Cancellation));
        await agent.Database.MigrateAsync(Cancellation);
        Assert.Equal(await migrated.DescribeSchemaAsync(), await scripted.DescribeSchemaAsync());
    }

    [Fact]
    public async Task Asking_what_is_pending_changes_nothing()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);

        var pending = await agent.Database.GetPendingMigrationsAsync(Cancellation);

        Assert.Equal(pending.Order(StringComparer.Ordinal), pending);
        Assert.Equal("", await database.DescribeSchemaAsync());
    }

    [Fact]
    public async Task A_missing_table_names_the_way_out()
    {
        await using var database = await databases.CreateEmptyAsync();
        await using var agent = new Agent(database);

        var read = await Assert.ThrowsAsync<AgentPersistenceException>(() => agent.Sessions.FindAsync("any", Cancellation));
        var write = await Assert.ThrowsAsync<AgentPersistenceException>(() => agent.Sessions.CreateAsync(new NewSession(), Cancellation));

        Assert.Contains(nameof(IAgentDatabase.MigrateAsync), read.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(IAgentDatabase.MigrateAsync), write.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_migrates_before_its_services_start_unless_told_not_to(bool migrate)
    {
        await using var database = await databases.CreateEmptyAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHostedService<Writer>();
        builder.Services.AddAgentPersistence(o =>
        {
            _ = database.Kind == DatabaseKind.Sqlite ? o.UseSqlite(database.ConnectionString) : o.UsePostgreSql(database.ConnectionString);
            o.MigrateOnStartup = migrate;
        });
        using var host = builder.Build();

        if (migrate)
        {
            await host.StartAsync(Cancellation);
            Assert.Equal(1, await database.CountAsync("agent_sessions"));
            await host.StopAsync(Cancellation);
        }
        else
        {
            await Assert.ThrowsAsync<AgentPersistenceException>(() => host.StartAsync(Cancellation));
            Assert.Equal("", await database.DescribeSchemaAsync());
        }
    }

    private static async Task MigrateAsync(TestDatabase database, int processes, int killed)
    {
        var hosts = Enumerable.Range(0, processes)
            .Select(_ => HostProcess.Start("migrate", database.Kind.ToString(), database.ConnectionString)).ToList();
        try
        {
            await Task.WhenAll(hosts.Select(h => h.WaitForLineAsync("ready")));
            await Task.WhenAll(hosts.Select(h => h.WriteLineAsync("go")));
            foreach (var host in hosts.Take(killed))
            {
                await Task.Delay(Random.Shared.Next(100), Cancellation);
                await host.KillAsync();
            }

            await Task.WhenAll(hosts.Skip(killed).Select(h => h.WaitForExitAsync()));
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private sealed class Writer(ISessionStore sessions) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => sessions.CreateAsync(new NewSession(), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
