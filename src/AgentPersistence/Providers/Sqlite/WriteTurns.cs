using System.Collections.Concurrent;
using AgentPersistence.Internal.Execution;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>
/// One writer at a time in this process, and a wait for the writers of other processes that can be cut short. Work with patience gives
/// up when one transaction stays open for longer than that. Writers that come and go are waited for, and so is a transaction of this
/// process that is about something else; what one of another process is about cannot be known.
/// </summary>
internal sealed class WriteTurns(TimeSpan busyTimeout)
{
    private const int PrimaryCode = 0xFF;

    // A slow disk must not pass for an open transaction.
    private static readonly TimeSpan ShortestWaitForOthers = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    // Never disposed: a write that outlives the services still gives its turn back.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Turn? _holder;

    public async Task<IDisposable> TakeAsync(WorkKind kind, Patience? patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var step = patience is { } given ? Longer(Shorter(given.Limit, LongestStep), Pause) : busyTimeout;
        while (true)
        {
            var holder = _holder;
            if (await _turn.WaitAsync(step, cancellationToken).ConfigureAwait(false))
            {
                return _holder = new Turn(this, kind == WorkKind.OpenTransaction);
            }

            var waited = TimeProvider.System.GetElapsedTime(started);
            if (waited >= patience?.Limit && holder is not null && holder == _holder && holder.IsAbout(patience.Value.About))
            {
                throw Busy();
            }

            if (waited >= busyTimeout)
            {
                throw Failures.Unavailable(
                    new TimeoutException("Another write of this process holds the database."), mayBeStored: false, busyTimeout);
            }
        }
    }

    /// <summary>Notes what the transaction that has the turn is about; a host's own has none.</summary>
    public void Note(string about)
    {
        if (_holder is { IsOpenEnded: true } holder)
        {
            holder.Note(about);
        }
    }

    /// <summary>Returns when the database can be locked for writing. The driver itself would block a thread, for whole seconds.</summary>
    public async Task WaitForOthersAsync(SqliteConnection connection, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (version, since) = (DataVersion(connection), started);
        var limit = Longer(patience, ShortestWaitForOthers);
        while (IsLocked(connection))
        {
            if (DataVersion(connection) is var current && current != version)
            {
                (version, since) = (current, TimeProvider.System.GetTimestamp());
            }

            if (TimeProvider.System.GetElapsedTime(since) >= limit || TimeProvider.System.GetElapsedTime(started) >= busyTimeout)
            {
                throw Busy();
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static SqliteException Busy() => new("The database is locked by another transaction.", raw.SQLITE_BUSY);

    private static bool IsLocked(SqliteConnection connection)
    {
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        var result = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE; ROLLBACK");
        raw.sqlite3_busy_timeout(connection.Handle, SqliteConnections.BusyTimeoutInMilliseconds);
        return (result & PrimaryCode) == raw.SQLITE_BUSY;
    }

    /// <summary>A number that changes with every commit of another connection.</summary>
    private static long DataVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Turn(WriteTurns turns, bool isOpenEnded) : IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _about = [];

        /// <summary>Whether its end is not this library's to decide.</summary>
        public bool IsOpenEnded { get; } = isOpenEnded;

        public void Note(string about) => _about[about] = true;

        public bool IsAbout(string about) => _about.ContainsKey(about);

        public void Dispose()
        {
            turns._holder = null;
            turns._turn.Release();
        }
    }
}
