using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>The library as one program has it: registered with one call, on one database.</summary>
internal sealed class Agent(IDatabases databases, string connectionString) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddAgentPersistence(options => databases.Choose(options, connectionString))
        .Services.BuildServiceProvider();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
