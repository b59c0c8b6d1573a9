using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;

namespace AgentPersistence.Benchmarks;

/// <summary>What the suites work with: databases that are started when first asked for, and where the figures go.</summary>
internal sealed class Bench(Arguments arguments, TextWriter output, TextWriter progress) : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlDatabases>> _postgreSql = new(
        () => DescribeAsync(PostgreSqlDatabases.StartAsync(arguments.PostgreSql), output));

    private readonly Lazy<Task<SqliteDatabases>> _sqlite = new(() => DescribeAsync(SqliteDatabases.StartAsync(), output));

    public Arguments Arguments => arguments;

    public TextWriter Output => output;

    public TextWriter Progress => progress;

    public PeerScripts? Peers { get; } = arguments.Peers is { } folder ? new(folder) : null;

    public Task<PostgreSqlDatabases> PostgreSqlAsync() => _postgreSql.Value;

    public Task<SqliteDatabases> SqliteAsync() => _sqlite.Value;

    /// <summary>Measures comparisons and writes each as soon as it is there.</summary>
    public async Task CompareAsync(params IEnumerable<Comparison> comparisons)
    {
        var (rounds, report) = (new Rounds(arguments.Rounds, arguments.Duration, progress), new Report(output));
        await report.BeginAsync();
        foreach (var comparison in comparisons.Where(c => arguments.Callers is null || c.Callers == arguments.Callers))
        {
            await report.AddAsync(comparison, await rounds.RunAsync(comparison));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgreSql.IsValueCreated)
        {
            await (await _postgreSql.Value).DisposeAsync();
        }

        if (_sqlite.IsValueCreated)
        {
            await (await _sqlite.Value).DisposeAsync();
        }
    }

    private static async Task<T> DescribeAsync<T>(Task<T> starting, TextWriter output)
        where T : IDatabases
    {
        var databases = await starting;
        await output.WriteLineAsync($"{await databases.DescribeAsync()}\n");
        return databases;
    }
}
