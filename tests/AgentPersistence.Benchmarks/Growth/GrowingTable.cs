using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>A table of the library, how it is filled, and what is done with it at every size.</summary>
/// <param name="Name">Its name in the figures.</param>
/// <param name="FillAsync">Fills the empty table with so many rows.</param>
/// <param name="Operations">What is measured.</param>
internal sealed record GrowingTable(string Name, Func<IDatabases, string, long, Task> FillAsync, IReadOnlyList<Operation> Operations);

/// <summary>One thing that is done with a table of so many rows.</summary>
/// <param name="Name">Its name in the figures.</param>
/// <param name="Begin">Makes what a caller does again and again.</param>
internal sealed record Operation(string Name, Func<Agent, long, Func<Task>> Begin)
{
    /// <param name="name">Its name in the figures.</param>
    /// <param name="run">What a caller does again and again with a store, where there are so many rows.</param>
    public static Operation On<TStore>(string name, Func<TStore, long, Task> run)
        where TStore : notnull => new(name, (agent, rows) =>
        {
            var store = agent.Get<TStore>();
            return () => run(store, rows);
        });

    public int Callers { get; init; } = 1;

    /// <summary>Whether it adds rows, which in a small table would soon be most of it.</summary>
    public bool Adds { get; init; }
}
