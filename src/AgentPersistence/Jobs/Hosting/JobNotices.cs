using AgentPersistence.Providers;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>
/// Notices between processes. They are sent behind the commits that they tell of, never in them, and gathered: PostgreSQL lets one
/// transaction
/// with a notice commit at a time.
/// </summary>
internal sealed class JobNotices(DatabaseConnections connections, ILogger logger) : IAsyncDisposable
{
    private const string Channel = "agent_reactive_jobs";
    private const char Separator = '\n';
    private const int LongestMessage = 7_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private Task? _sending;
    private Task? _listening;

    /// <summary>Tells the others soon; never throws, and waits for nothing.</summary>
    public void Send(string mode)
    {
        if (!connections.CanNotify)
        {
            return;
        }

        lock (_gate)
        {
            if (_waiting.Add(mode) && _sending is null && !_stop.IsCancellationRequested)
            {
                _sending = Start(SendAsync);
            }
        }
    }

    /// <summary>Hears what others tell, from the first call on. A mode is null where any may be meant.</summary>
    public void Listen(Action<string?> hear)
    {
        lock (_gate)
        {
            if (connections.CanNotify && _listening is null && !_stop.IsCancellationRequested)
            {
                _listening = Start(() => ListenAsync(hear));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _stop.Cancel();
            running = [_sending ?? Task.CompletedTask, _listening ?? Task.CompletedTask];
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private static Task Start(Func<Task> run)
    {
        // It outlives the call that starts it: it must not run under that caller's context.
        using AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return Task.Run(run);
    }

    private async Task SendAsync()
    {
        while (TakeMessage() is { } message)
        {
            try
            {
                await connections.NotifyAsync(Channel, message, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                JobLog.NoticeNotSent(logger, exception);
            }

            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The modes that wait, or an empty message where they are too many; null, once and for all of this task, when there are none.
    /// </summary>
    private string? TakeMessage()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _stop.IsCancellationRequested)
            {
                _sending = null;
                return null;
            }

            // In bytes of UTF-8 a character may take three.
            var message = string.Join(Separator, _waiting);
            _waiting.Clear();
            return message.Length * 3 > LongestMessage ? "" : message;
        }
    }

    private async Task ListenAsync(Action<string?> hear)
    {
        var rest = ShortestRest;
        while (!_stop.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                await connections.ListenAsync(Channel, message => Hear(message, hear), _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                JobLog.NotListening(logger, exception);
            }

            rest = TimeProvider.System.GetElapsedTime(started) > LongestRest ? ShortestRest : rest * 2 < LongestRest ? rest * 2 : LongestRest;
            await Task.Delay(rest, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Hear(string message, Action<string?> hear)
    {
        foreach (var mode in message.Split(Separator))
        {
            hear(mode.Length == 0 ? null : mode);
        }
    }
}
