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
    public int Callers { get; init; } = 1;

    /// <summary>Whether it adds rows, which in a small table would soon be most of it.</summary>
    public bool Adds { get; init; }
}
