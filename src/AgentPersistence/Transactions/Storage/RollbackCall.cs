using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Transactions.Storage;

/// <summary>The settings of a roll back, checked.</summary>
internal sealed record RollbackCall(TimeSpan Lease, TimeSpan WaitForOther)
{
    public static RollbackCall Check(RollbackSettings? settings, StoreExecutor executor) => new(
        Input.Duration(settings?.Lease, Input.MaxLease, nameof(settings.Lease)) ?? executor.Options.Transactions.RollbackLease,
        Input.Wait(settings?.WaitForOther, Input.MaxWait, nameof(settings.WaitForOther)) ?? TimeSpan.Zero);
}
