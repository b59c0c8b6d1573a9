namespace AgentPersistence.Benchmarks.Databases;

/// <summary>Throwaway databases with default durability, each a copy of one that the library has migrated.</summary>
internal interface IDatabases : IAsyncDisposable
{
    /// <summary>Returns the connection string of a new database.</summary>
    /// <param name="copyOf">What it shall be a copy of; nobody may use that meanwhile. Null for the library's tables, empty.</param>
    Task<string> CreateAsync(string? copyOf = null);

    Task DropAsync(string connectionString);

    Task ExecuteAsync(string connectionString, string sql);

    /// <summary>Does what the database would do by itself after many rows have come: statistics, clean pages, a checkpoint.</summary>
    Task SettleAsync(string connectionString);

    /// <summary>Returns how many bytes all tables take, indexes included.</summary>
    Task<long> SizeAsync(string connectionString);

    /// <summary>What the database says in its own way in statements that fill tables.</summary>
    FillingSql Sql { get; }

    /// <summary>Names the database for the library.</summary>
    void Choose(AgentPersistenceOptions options, string connectionString);

    /// <summary>The version and the settings that a reader of the figures needs.</summary>
    Task<string> DescribeAsync();
}
