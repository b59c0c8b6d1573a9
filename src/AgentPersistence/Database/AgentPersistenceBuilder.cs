using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.Database;

internal sealed class AgentPersistenceBuilder(IServiceCollection services) : IAgentPersistenceBuilder
{
    public IServiceCollection Services => services;

    // Unnamed: there is one database per host.
    public string? Name => null;
}
