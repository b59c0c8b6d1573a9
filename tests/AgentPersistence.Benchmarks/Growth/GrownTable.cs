using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>A table at one of its sizes, in a database of its own.</summary>
internal sealed class GrownTable(IDatabases databases, string connectionString, long rows, double bytesPerRow) : IAsyncDisposable
{
    // What is added in a turn is little beside so many rows.
    private const long Large = 1_000_000;

    // One for all turns that add nothing: a host is not started for each call, and its connections know their pages and plans.
    private Agent? _agent;

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
        if (!operation.Adds)
        {
            _agent ??= new Agent(databases, connectionString);
            return await MeasureAsync(_agent, operation, slice);
        }

        // A database that somebody is connected to cannot be copied; what is not copied is treated alike.
        await StopAsync();
        var used = rows < Large ? await databases.CreateAsync(connectionString) : connectionString;
        try
        {
            await using var agent = new Agent(databases, used);
            return await MeasureAsync(agent, operation, slice);
        }
        finally
        {
            if (used != connectionString)
            {
                await databases.DropAsync(used);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await databases.DropAsync(connectionString);
    }

    private async Task StopAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
            _agent = null;
        }
    }

    private Task<Measurement> MeasureAsync(Agent agent, Operation operation, Slice slice) =>
        new Load(new RepeatedOperation(operation.Begin(agent, rows))).RunAsync(slice);

    /// <summary>That what is acknowledged is stored is checked where the library is compared with others.</summary>
    private sealed class RepeatedOperation(Func<Task> run) : IWork
    {
        private long _done;

        public async Task<int> RunAsync(int caller)
        {
            await run();
            Interlocked.Increment(ref _done);
            return 1;
        }

        public Task<long> CountStoredAsync() => Task.FromResult(Interlocked.Read(ref _done));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
