using AgentPersistence;
using AgentPersistence.Database;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers AgentPersistence.</summary>
public static class AgentPersistenceServiceCollectionExtensions
{
    /// <summary>
    /// Registers every store of AgentPersistence as a singleton, on the database that <paramref name="configure"/> names; without one on
    /// SQLite, at the path in <c>AGENT_DB_PATH</c>, else <c>agent_state.sqlite</c> in the working directory.
    /// </summary>
    /// <param name="services">The host's services. A <see cref="TimeProvider"/> among them replaces the system's clock, for tests.</param>
    /// <param name="configure">Chooses the database and sets options. It may also be done by <c>services.Configure</c>.</param>
    /// <returns>A builder for what is added later.</returns>
    /// <remarks>Calling it again is harmless: the options add up. Options are checked when the host starts, or at first use.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Another database has been named before.</exception>
    public static IAgentPersistenceBuilder AddAgentPersistence(
        this IServiceCollection services, Action<AgentPersistenceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = RegisteredOptionsOf(services);
        configure?.Invoke(options);

        services.AddOptions<AgentPersistenceOptions>().ValidateOnStart();
        services.TryAddTransient<IOptionsFactory<AgentPersistenceOptions>, AgentPersistenceOptionsFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentPersistenceOptions>, AgentPersistenceOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(CreateConnections);
        services.TryAddSingleton(sp => new OwnConnectionExecutor(
            sp.GetRequiredService<DatabaseConnections>(), OptionsOf(sp), sp.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IAgentDatabase, AgentDatabase>();
        services.AddHostedService<MigrationService>();
        services.TryAddStores();
        return new AgentPersistenceBuilder(services);
    }

    private static AgentPersistenceOptions OptionsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<AgentPersistenceOptions>>().Value;

    private static DatabaseConnections CreateConnections(IServiceProvider services)
    {
        var options = OptionsOf(services);
        return ProviderSelection.Connect(options.Database ?? DatabaseChoice.Default(), options, services.GetRequiredService<TimeProvider>());
    }

    /// <summary>The options of earlier calls, so that naming a second database is noticed where it is done.</summary>
    private static AgentPersistenceOptions RegisteredOptionsOf(IServiceCollection services)
    {
        var registered = services.Select(d => d.ImplementationInstance).OfType<RegisteredOptions>().FirstOrDefault();
        if (registered is null)
        {
            registered = new RegisteredOptions(new AgentPersistenceOptions());
            services.AddSingleton(registered);
        }

        return registered.Options;
    }
}
