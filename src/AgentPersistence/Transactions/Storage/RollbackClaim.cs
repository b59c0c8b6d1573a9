namespace AgentPersistence.Transactions.Storage;

/// <summary>A transaction that a compensation holds, with the time before that was asked: its lease has lasted no longer.</summary>
internal sealed record RollbackClaim(Compensation Compensation, TimeSpan Lease, long HeldSince)
{
    public Guid Id => Compensation.Transaction.Id;

    public Guid Token => Compensation.Token;
}
