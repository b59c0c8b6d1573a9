namespace AgentPersistence.Tests.Internal.GroupCommit;

/// <summary>What stands in for the database: it notes its commits, and can be told to wait, to refuse an item or to be away.</summary>
internal sealed class FakeCommits
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _gate;

    public List<string> Done { get; } = [];

    public List<int> Items { get; } = [];

    public HashSet<int> Refused { get; } = [];

    public int UnavailableFrom { get; set; } = int.MaxValue;

    public int Attempts { get; private set; }

    /// <summary>The next commit waits for this.</summary>
    public TaskCompletionSource Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WaitUntilHeldAsync() => _held.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public async Task CommitAsync(IReadOnlyList<int> items, CancellationToken cancellationToken)
    {
        Attempts++;
        if (Interlocked.Exchange(ref _gate, null) is { } gate)
        {
            _held.SetResult();
            await gate.Task.WaitAsync(cancellationToken);
        }

        await Task.Yield();
        if (Attempts >= UnavailableFrom)
        {
            throw new WriteInDoubtException("away", null);
        }

        if (items.Any(Refused.Contains))
        {
            throw new InvalidOperationException($"{items.First(Refused.Contains)}");
        }

        Done.Add(string.Join(' ', items));
        Items.AddRange(items);
    }
}
