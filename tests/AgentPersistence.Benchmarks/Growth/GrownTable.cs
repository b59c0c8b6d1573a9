using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>A table at one of its sizes, in a database of its own.</summary>
internal sealed class GrownTable(IDatabases databases, string connectionString, long rows, double bytesPerRow) : IAsyncDisposable
{
    // What is added in a turn is little beside so many rows.
    private const long Large = 1_000_000;

    public long Rows => rows;

    /// <summary>What a row takes on the disk, with its indexes and with the rows that belong to it in other tables.</summary>
    public double BytesPerRow => bytesPerRow;

    public string ConnectionString => connectionString;

    public static async Task<GrownTable> FillAsync(IDatabases databases, GrowingTable table, long rows)
    {
        var connectionString = await databases.CreateAsync();
        var empty = await databases.SizeAsync(connectionString);
        await table.FillAsync(databases, connectionString, rows);
        await databases.SettleAsync(connectionString);
        var bytes = await databases.SizeAsync(connectionString) - empty;
        return new GrownTable(databases, connectionString, rows, bytes / (double)rows);
    }

    public async Task<Measurement> MeasureAsync(Operation operation, Slice slice)
    {
        var isCopy = operation.Adds && rows < Large;
        var used = isCopy ? await databases.CreateAsync(connectionString) : connectionString;
        try
        {
            await using var work = new RepeatedOperation(new Agent(databases, used), operation, rows);
            return await new Load(work).RunAsync(slice with { Callers = operation.Callers });
        }
        finally
        {
            if (isCopy)
            {
                await databases.DropAsync(used);
            }
        }
    }

    public async ValueTask DisposeAsync() => await databases.DropAsync(connectionString);

    /// <summary>That what is acknowledged is stored is checked where the library is compared with others.</summary>
    private sealed class RepeatedOperation(Agent agent, Operation operation, long rows) : IWork
    {
        private readonly Func<Task> _run = operation.Begin(agent, rows);
        private long _done;

        public async Task<int> RunAsync(int caller)
        {
            await _run();
            Interlocked.Increment(ref _done);
            return 1;
        }

        public Task<long> CountStoredAsync() => Task.FromResult(Interlocked.Read(ref _done));

        public ValueTask DisposeAsync() => agent.DisposeAsync();
    }
}
