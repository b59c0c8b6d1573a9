namespace AgentPersistence.Benchmarks.Harness;

/// <summary>Counts what handlers have run.</summary>
internal sealed class JobRuns
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _awaited = int.MaxValue;

    public int Count => Volatile.Read(ref _count);

    public void Add()
    {
        if (Interlocked.Increment(ref _count) >= Volatile.Read(ref _awaited))
        {
            _reached.TrySetResult();
        }
    }

    /// <summary>Waits for so many runs; to be called once, before the first.</summary>
    public Task WaitAsync(int runs)
    {
        Volatile.Write(ref _awaited, runs);
        return _reached.Task;
    }
}
