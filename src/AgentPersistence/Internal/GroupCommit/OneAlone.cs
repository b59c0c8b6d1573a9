namespace AgentPersistence.Internal.GroupCommit;

/// <summary>Lets one of concurrent callers do its work by itself, at no other cost; the others share theirs.</summary>
internal sealed class OneAlone
{
    private int _isTaken;

    /// <summary>Does the work, or returns null where another caller is at work alone.</summary>
    public Task<T>? TryRunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _isTaken, 1) == 0 ? RunAsync(work, cancellationToken) : null;

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }
}
