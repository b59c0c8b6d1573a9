using AgentPersistence.Auditing;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>The library: one entry a call.</summary>
internal sealed class LoggedAudit : IWork
{
    private readonly Agent _agent;
    private readonly IAuditLogger _audit;

    private LoggedAudit(Agent agent)
    {
        _agent = agent;
        _audit = agent.Get<IAuditLogger>();
    }

    public static DatabaseCompetitor On(IDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, _) => Task.FromResult<IWork>(new LoggedAudit(new Agent(databases, connectionString))));

    public async Task<int> RunAsync(int caller)
    {
        await _audit.LogAsync(AuditEntries.Next());
        return 1;
    }

    /// <exception cref="InvalidOperationException">The chain is broken.</exception>
    public async Task<long> CountStoredAsync()
    {
        var verified = await _agent.Get<IAuditVerifier>().VerifyAsync();
        return verified.IsIntact ? verified.Verified : throw new InvalidOperationException($"The chain is broken: {verified.Reason}.");
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();
}
