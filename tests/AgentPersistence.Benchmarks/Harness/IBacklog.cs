namespace AgentPersistence.Benchmarks.Harness;

/// <summary>Jobs that wait, and workers for them, on a database of its own.</summary>
internal interface IBacklog : IAsyncDisposable
{
    /// <summary>How many jobs have been run; one that is run twice counts twice.</summary>
    int Runs { get; }

    /// <summary>Stores so many jobs, to be worked off later; it takes as long as it takes.</summary>
    Task FillAsync(int jobs);

    /// <summary>Starts the workers and runs so many jobs. Their ends may still be on their way to the database.</summary>
    Task WorkAsync(int jobs);

    /// <summary>How many jobs the database holds that are not done.</summary>
    Task<long> CountLeftAsync();
}
