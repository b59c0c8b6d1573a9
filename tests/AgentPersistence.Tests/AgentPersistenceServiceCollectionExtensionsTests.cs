using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;
using AgentPersistence.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentPersistence.Tests;

public sealed class AgentPersistenceServiceCollectionExtensionsTests
{
    private const string OneFile = "Data Source=one.sqlite";

    /// <summary>What a host asks its services for: the interfaces it is not handed by another one, and does not implement.</summary>
    public static TheoryData<Type> Services =>
    [
        .. typeof(IAgentDatabase).Assembly.GetExportedTypes()
            .Where(type => type.IsInterface && type != typeof(IAgentTransaction) && type != typeof(IAgentPersistenceBuilder)
                && type != typeof(AgentPersistence.Jobs.IJobHandler)),
    ];

    [Theory]
    [MemberData(nameof(Services), DisableDiscoveryEnumeration = true)]
    public async Task One_call_registers_every_public_interface_as_one_object(Type service)
    {
        await using var provider = new ServiceCollection()
            .AddAgentPersistence(options => options.UseSqlite(OneFile)).Services
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

        var resolved = provider.GetRequiredService(service);

        await using var scope = provider.CreateAsyncScope();
        Assert.Same(resolved, scope.ServiceProvider.GetRequiredService(service));
    }

    [Fact]
    public async Task Nothing_is_opened_or_created_before_first_use()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7()}.sqlite");
        await using var provider = new ServiceCollection()
            .AddAgentPersistence(options => options.UseSqlite($"Data Source={path}")).Services.BuildServiceProvider();

        foreach (var service in Services.Select(row => row.Data))
        {
            _ = provider.GetService(service);
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Calling_it_again_is_harmless()
    {
        var services = new ServiceCollection();
        services.AddAgentPersistence(options => options.UseSqlite(OneFile));
        var once = Registered(services);

        services.AddAgentPersistence();
        services.AddAgentPersistence(options => options.UseSqlite(OneFile));

        Assert.Equal(once, Registered(services));

        // ValidateOnStart() leaves a mark of its own at each call; the host validates once all the same.
        static IEnumerable<string> Registered(IServiceCollection services) =>
            [.. services.Where(d => !d.ServiceType.Name.StartsWith("IConfigureOptions", StringComparison.Ordinal))
                .Select(d => $"{d.ServiceType} {d.Lifetime} {d.ImplementationType}")];
    }

    [Fact]
    public async Task The_options_of_several_calls_and_of_the_host_add_up()
    {
        var services = new ServiceCollection();
        services.AddAgentPersistence(options => options.RetryTimeout = TimeSpan.FromSeconds(3));
        services.AddAgentPersistence(options => options.UseSqlite(OneFile));
        services.Configure<AgentPersistenceOptions>(options => options.MaxJsonBytes = 2048);
        await using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<AgentPersistenceOptions>>().Value;

        Assert.Equal((TimeSpan.FromSeconds(3), 2048), (options.RetryTimeout, options.MaxJsonBytes));
        Assert.Same(options, provider.GetRequiredService<OwnConnectionExecutor>().Options);
        Assert.Contains("one.sqlite", options.Database!.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Naming_another_database_throws_where_it_is_done(bool inOneCall)
    {
        var services = new ServiceCollection();
        services.AddAgentPersistence(options => options.UseSqlite(OneFile));

        var refused = Assert.Throws<InvalidOperationException>(() => services.AddAgentPersistence(
            options => _ = inOneCall ? options.UseSqlite("Data Source=two.sqlite") : options.UsePostgreSql("Host=localhost")));

        Assert.Contains("Name one database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_among_the_services_replaces_the_systems()
    {
        var clock = new StoppedClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var before = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock).AddAgentPersistence(o => o.UseSqlite(OneFile)).Services.BuildServiceProvider();
        await using var after = new ServiceCollection()
            .AddAgentPersistence(o => o.UseSqlite(OneFile)).Services.AddSingleton<TimeProvider>(clock).BuildServiceProvider();

        foreach (var provider in new[] { before, after })
        {
            Assert.Same(clock, provider.GetRequiredService<OwnConnectionExecutor>().TimeProvider);
            Assert.Equal(clock.GetUtcNow(), provider.GetRequiredService<DatabaseConnections>().Dialect.Now);
        }
    }

    [Fact]
    public void A_store_that_the_host_registered_first_stays()
    {
        var mine = new Moq.Mock<ISessionStore>().Object;
        using var provider = new ServiceCollection().AddSingleton(mine).AddAgentPersistence().Services.BuildServiceProvider();

        Assert.Same(mine, provider.GetRequiredService<ISessionStore>());
    }

    [Fact]
    public void The_builder_is_unnamed_and_gives_the_services_back()
    {
        var services = new ServiceCollection();

        var builder = services.AddAgentPersistence();

        Assert.Same(services, builder.Services);
        Assert.Null(builder.Name);
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddAgentPersistence());
    }

    [Fact]
    public async Task A_host_with_options_out_of_range_does_not_start_and_is_told_what_to_change()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAgentPersistence(options => options.UseSqlite(OneFile).RetryTimeout = TimeSpan.FromHours(1));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AgentPersistenceOptions: The field RetryTimeout must be between 00:00:01 and 00:10:00.", refused.Failures);
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_first_use_without_a_host_too()
    {
        using var provider = new ServiceCollection()
            .AddAgentPersistence(options => options.UseSqlite(OneFile).MaxJsonBytes = 1).Services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ISessionStore>());
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
