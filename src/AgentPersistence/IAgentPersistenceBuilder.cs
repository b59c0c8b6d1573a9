using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence;

/// <summary>What <c>AddAgentPersistence()</c> returns: the place optional parts of the library attach to.</summary>
public interface IAgentPersistenceBuilder
{
    /// <summary>The services the library was added to.</summary>
    IServiceCollection Services { get; }

    /// <summary>The name of this instance, or null for the unnamed one.</summary>
    string? Name { get; }
}
