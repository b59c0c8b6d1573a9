using System.Collections.Concurrent;

namespace AgentPersistence.Providers;

/// <summary>Statements of one text that have run, to be used again: as many as are on their way at once, within a bound.</summary>
internal sealed class IdleStatements
{
    private const int Most = 64;

    private readonly ConcurrentQueue<SentStatement> _others = [];
    private SentStatement? _last;
    private int _count;

    public SentStatement? TryTake()
    {
        if (Interlocked.Exchange(ref _last, null) is { } last)
        {
            return last;
        }

        if (!_others.TryDequeue(out var other))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return other;
    }

    public void Keep(SentStatement statement)
    {
        if (Interlocked.CompareExchange(ref _last, statement, null) is null)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) <= Most)
        {
            _others.Enqueue(statement);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
