using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;

namespace AgentPersistence.Tests.Database;

public sealed class MigrationServiceTests
{
    private readonly List<string> _events = [];
    private readonly Mock<IAgentDatabase> _database = new(MockBehavior.Strict);

    public MigrationServiceTests() =>
        _database.Setup(d => d.MigrateAsync(It.IsAny<CancellationToken>())).Returns(async (CancellationToken cancellationToken) =>
        {
            await Task.Delay(20, cancellationToken);
            _events.Add("migrated");
        });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_starting_host_migrates_once_and_before_any_other_service_starts()
    {
        using var host = HostWith(times: 2);

        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);

        Assert.Equal(["migrated", "first", "last"], _events);
    }

    [Fact]
    public async Task A_host_that_migrates_otherwise_starts_without()
    {
        using var host = HostWith(times: 1, options => options.MigrateOnStartup = false);

        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);

        Assert.Equal(["first", "last"], _events);
    }

    [Fact]
    public async Task A_host_whose_migration_fails_does_not_start()
    {
        var cause = new AgentPersistenceException("no rights");
        _database.Setup(d => d.MigrateAsync(It.IsAny<CancellationToken>())).ThrowsAsync(cause);
        using var host = HostWith(times: 1);

        Assert.Same(cause, await Assert.ThrowsAsync<AgentPersistenceException>(() => host.StartAsync(Cancellation)));

        Assert.Empty(_events);
    }

    private IHost HostWith(int times, Action<AgentPersistenceOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_database.Object);
        builder.Services.AddSingleton<IHostedService>(new Recorded("first", _events));
        for (var i = 0; i < times; i++)
        {
            builder.Services.AddAgentPersistence(configure);
        }

        builder.Services.AddSingleton<IHostedService>(new Recorded("last", _events));
        return builder.Build();
    }

    private sealed class Recorded(string name, List<string> events) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            events.Add(name);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
