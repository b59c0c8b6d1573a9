namespace AgentPersistence.Benchmarks.Harness;

/// <summary>What callers do again and again, on a database of its own.</summary>
internal interface IWork : IAsyncDisposable
{
    /// <summary>Does it once. When this returns, it is committed.</summary>
    /// <param name="caller">Which caller asks, from 0.</param>
    /// <returns>How many operations were acknowledged.</returns>
    Task<int> RunAsync(int caller);

    /// <summary>How many operations the database holds now; it must be as many as were acknowledged.</summary>
    Task<long> CountStoredAsync();
}
