using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Transactions.Storage;

/// <summary>The settings of a roll back, checked.</summary>
/// <param name="Lease">How long a claim is held without being renewed.</param>
/// <param name="WaitForOther">How long to wait for somebody else's compensation.</param>
/// <param name="LeavesFailed">Whether a transaction that has failed is left as it is.</param>
internal sealed record RollbackCall(TimeSpan Lease, TimeSpan WaitForOther, bool LeavesFailed)
{
    public static RollbackCall Check(RollbackSettings? settings, bool leavesFailed, StoreExecutor executor) => new(
        Input.Duration(settings?.Lease, Input.MaxLease, nameof(settings.Lease)) ?? executor.Options.Transactions.RollbackLease,
        Input.Wait(settings?.WaitForOther, Input.MaxWait, nameof(settings.WaitForOther)) ?? TimeSpan.Zero,
        leavesFailed);
}
