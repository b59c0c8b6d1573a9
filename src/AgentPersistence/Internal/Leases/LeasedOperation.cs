using System.Runtime.ExceptionServices;

namespace AgentPersistence.Internal.Leases;

/// <summary>Runs what a host does while it holds a claim.</summary>
internal static class LeasedOperation
{
    /// <summary>Runs the operation, which is told to stop when the claim is lost, and then no longer keeps the claim.</summary>
    /// <param name="keeper">Keeps the claim; null where nobody else can take it.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>How it ended; whatever it throws is part of that.</returns>
    public static async Task<EndedOperation<T>> RunAsync<T>(
        LeaseKeeper? keeper, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        await using var kept = keeper;
        var lost = keeper?.Lost ?? CancellationToken.None;
        using var either = lost.CanBeCanceled && cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost)
            : null;
        var stop = either?.Token ?? (lost.CanBeCanceled ? lost : cancellationToken);
        try
        {
            return new(await operation(stop).ConfigureAwait(false), null, IsLost: false);
        }
        catch (Exception exception)
        {
            var isLost = lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
            return new(default, ExceptionDispatchInfo.Capture(exception), isLost && exception is OperationCanceledException);
        }
    }
}

/// <summary>What an operation gave, or threw, and whether it stopped because its claim was lost.</summary>
internal readonly record struct EndedOperation<T>(T? Result, ExceptionDispatchInfo? Exception, bool IsLost);
