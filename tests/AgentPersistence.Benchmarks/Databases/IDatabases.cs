namespace AgentPersistence.Benchmarks.Databases;

/// <summary>Throwaway databases with default durability, each a copy of one that the library has migrated.</summary>
internal interface IDatabases : IAsyncDisposable
{
    /// <summary>Returns the connection string of a new database.</summary>
    Task<string> CreateAsync();

    Task DropAsync(string connectionString);

    /// <summary>Names the database for the library.</summary>
    void Choose(AgentPersistenceOptions options, string connectionString);

    /// <summary>The version and the settings that a reader of the figures needs.</summary>
    Task<string> DescribeAsync();
}
