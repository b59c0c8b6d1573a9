namespace AgentPersistence.Benchmarks.Harness;

/// <summary>The library, or something that a user could have instead of it.</summary>
internal interface ICompetitor
{
    string Name { get; }

    Task<Measurement> MeasureAsync(Slice slice);
}
