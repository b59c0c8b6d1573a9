using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>A work that starts each of its turns on a new database.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="databases">Where its databases are made.</param>
/// <param name="begin">Begins the work on the database with this connection string, for so many callers.</param>
/// <param name="callers">How many callers it works best with, whatever the others have; null for as many as they.</param>
internal sealed class DatabaseCompetitor(
    string name, IDatabases databases, Func<string, int, Task<IWork>> begin, int? callers = null) : ICompetitor
{
    public string Name => name;

    public async Task<Measurement> MeasureAsync(Slice slice)
    {
        var own = slice with { Callers = callers ?? slice.Callers };
        var connectionString = await databases.CreateAsync();
        try
        {
            await using var work = await begin(connectionString, own.Callers);
            return await new Load(work).RunAsync(own);
        }
        finally
        {
            await databases.DropAsync(connectionString);
        }
    }
}
