using System.Globalization;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>A process that logs audit entries from several writers at once, and what it has acknowledged.</summary>
internal sealed class AuditWriterProcess : IAsyncDisposable
{
    private readonly HostProcess _host;

    /// <param name="database">Where it logs.</param>
    /// <param name="name">Makes its entries' run ids its own.</param>
    /// <param name="writers">How many write at once.</param>
    /// <param name="rounds">How often each does everything there is to do; 0 for ever.</param>
    public AuditWriterProcess(TestDatabase database, string name, int writers, int rounds = 0) => _host = HostProcess.Start(
        "audit-write", database.Kind.ToString(), database.ConnectionString, name, Text(writers), Text(rounds));

    public Task WaitUntilReadyAsync() => _host.WaitForLineAsync("ready");

    /// <summary>Starts the writers, and completes the pending entries if nobody else does it first.</summary>
    public async Task GoAsync(params IEnumerable<Guid> pending)
    {
        foreach (var id in pending)
        {
            await _host.WriteLineAsync(id.ToString());
        }

        await _host.WriteLineAsync("go");
    }

    /// <summary>Waits for the next acknowledgement.</summary>
    public async Task<AuditAcknowledgement> ReadAsync() => AuditAcknowledgement.Parse(await _host.ReadLineAsync());

    /// <summary>SIGKILL; returns what it had acknowledged and nobody has read.</summary>
    public async Task<IReadOnlyList<AuditAcknowledgement>> KillAsync()
    {
        await _host.KillAsync();
        return await _host.Lines.Select(AuditAcknowledgement.Parse).ToListAsync();
    }

    /// <summary>Waits until every writer has done its rounds; returns what it acknowledged.</summary>
    public async Task<IReadOnlyList<AuditAcknowledgement>> EndAsync()
    {
        await _host.WaitForExitAsync();
        return await _host.Lines.Where(line => line != "done").Select(AuditAcknowledgement.Parse).ToListAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a call told its caller after it had returned.</summary>
/// <param name="Kind"><c>logged</c>, <c>known</c> (logged already), <c>completed</c> or <c>refused</c>.</param>
/// <param name="Id">The entry's id.</param>
/// <param name="Sequence">The receipt's sequence; 0 where it was refused.</param>
/// <param name="RunId">The run id of what was logged.</param>
internal sealed record AuditAcknowledgement(string Kind, Guid Id, long Sequence = 0, string? RunId = null)
{
    public static AuditAcknowledgement Parse(string line)
    {
        var words = line.Split(' ');
        return new AuditAcknowledgement(
            words[0],
            Guid.Parse(words[1], CultureInfo.InvariantCulture),
            words.Length > 2 ? long.Parse(words[2], CultureInfo.InvariantCulture) : 0,
            words.ElementAtOrDefault(3));
    }
}
