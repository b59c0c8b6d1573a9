namespace AgentPersistence.Internal.GroupCommit;

/// <summary>Runs what several callers share: what one of them carries along (a transaction, an activity) must not reach it.</summary>
internal static class NobodysContext
{
    private static readonly ExecutionContext Context = Capture();

    public static ValueTask<T> RunAsync<T>(Func<ValueTask<T>> work)
    {
        ValueTask<T> running = default;
        ExecutionContext.Run(Context, _ => running = work(), null);
        return running;
    }

    private static ExecutionContext Capture()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }
}
