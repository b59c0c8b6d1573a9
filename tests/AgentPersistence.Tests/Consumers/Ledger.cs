using AgentPersistence.Auditing;
using AgentPersistence.Metrics;

namespace AgentPersistence.Tests.Consumers;

/// <summary>A host's own class that works with the database as a whole: transactions, schema, and the proof of the audit log.</summary>
public sealed class Ledger(IAgentDatabase database, IAuditVerifier verifier, IAuditMaintenance maintenance)
{
    public async Task BookAsync(string runId)
    {
        await using var transaction = await database.BeginTransactionAsync();
        await transaction.Audit.LogAsync(new AuditEntry { RunId = runId, Action = "book" });
        await transaction.Metrics.RecordRunAsync(new RunMetrics { RunId = runId, FinalOutcome = "booked" });
        await transaction.CommitAsync();
    }

    public async Task<string> InspectAsync(AuditCheckpoint kept)
    {
        var verification = await verifier.VerifyAgainstAsync(kept);
        return verification.IsIntact ? "intact" : $"{verification.FirstBadSequence}: {verification.Reason}";
    }

    public async Task<AuditCheckpoint> ForgetAsync(string userId, long throughSequence)
    {
        await maintenance.EraseAsync(AuditErasure.ByUser(userId));
        await maintenance.PruneAsync(throughSequence);
        return await verifier.CreateCheckpointAsync();
    }

    public async Task<bool> IsReadyAsync() => (await database.GetPendingMigrationsAsync()).Count == 0;
}
