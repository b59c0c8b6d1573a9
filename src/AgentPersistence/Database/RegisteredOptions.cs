using Microsoft.Extensions.Options;

namespace AgentPersistence.Database;

/// <summary>What the calls of <c>AddAgentPersistence</c> have set so far.</summary>
internal sealed record RegisteredOptions(AgentPersistenceOptions Options);

/// <summary>Starts from what was registered, and lets the host's own configuration and the validators go over it.</summary>
internal sealed class AgentPersistenceOptionsFactory(
    RegisteredOptions registered,
    IEnumerable<IConfigureOptions<AgentPersistenceOptions>> setups,
    IEnumerable<IPostConfigureOptions<AgentPersistenceOptions>> postConfigures,
    IEnumerable<IValidateOptions<AgentPersistenceOptions>> validations)
    : OptionsFactory<AgentPersistenceOptions>(setups, postConfigures, validations)
{
    protected override AgentPersistenceOptions CreateInstance(string name) => registered.Options;
}
