namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Tests that measure time: they run one after the other, when all others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Undisturbed
{
    public const string Name = "undisturbed";
}
