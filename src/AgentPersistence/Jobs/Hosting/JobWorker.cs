using System.Collections.Concurrent;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Jobs.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>What a worker is to do.</summary>
internal sealed record JobWork(Type HandlerType, IReadOnlyList<string> Modes, JobHandlerOptions Options);

/// <summary>Claims jobs for one handler and runs them, as many at once as it may, until the host stops.</summary>
internal sealed class JobWorker : BackgroundService
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, HeldJob> _held = [];
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly Pulse _due = new();
    private readonly Pulse _room = new();
    private readonly CancellationTokenSource _stopWatch = new();
    private readonly SemaphoreSlim _turns;
    private readonly JobWork _work;
    private readonly JobClaimRequest _request;
    private readonly StoreExecutor _executor;
    private readonly JobTable _table;
    private readonly JobSignals _signals;
    private readonly JobRunner _runner;
    private readonly ILogger _logger;
    private int _settling;

    public JobWorker(
        JobWork work, OwnConnectionExecutor executor, IJobQueue queue, JobSignals signals, IServiceScopeFactory scopes, ILogger logger)
    {
        var name = work.Options.WorkerName ?? $"{Environment.MachineName}:{Environment.ProcessId}:{work.HandlerType.Name}";
        (_work, _executor, _signals, _logger) = (work, executor, signals, logger);
        _request = JobClaimRequest.Check(work.Modes, 1, work.Options.Lease ?? executor.Options.Jobs.Lease, name);
        _table = new JobTable(executor);
        _runner = new JobRunner(work.HandlerType, scopes, queue, executor.TimeProvider, logger);
        _turns = new SemaphoreSlim(work.Options.Concurrency);
    }

    // A job that has run is settled while the next is claimed, unless as many as may run are being settled already.
    private int Room => _work.Options.Concurrency + _work.Options.Prefetch
        - (_held.Count - Math.Min(Volatile.Read(ref _settling), _work.Options.Concurrency));

    // With a store of claimed jobs the next claim can be a large one.
    private int WantedRoom => Math.Max(1, _work.Options.Prefetch / 2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        JobLog.Started(_logger, _request.Worker!, string.Join(", ", _request.Modes), _work.Options.Concurrency);
        var watch = new LeaseWatch(_held, _request.Lease, _table, _executor.TimeProvider, _logger).RunAsync(_stopWatch.Token);
        using (_signals.Subscribe(_request.Modes, _due))
        {
            await ClaimUntilStoppedAsync(stoppingToken).ConfigureAwait(false);
        }

        foreach (var job in _held.Values)
        {
            job.Trip(JobStop.HostStops);
        }

        // As long as the host waits; the leases are looked after meanwhile.
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
        await _stopWatch.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);

        // Whatever still runs does so without the host, and must not keep its job for as long as the process lives.
        await _stopWatch.CancelAsync().ConfigureAwait(false);
        JobLog.Stopped(_logger, _request.Worker!, _held.Count);
    }

    // A host that is disposed without having been stopped leaves what runs to its lease as well.
    public override void Dispose()
    {
        _stopWatch.Cancel();
        base.Dispose();
    }

    private async Task ClaimUntilStoppedAsync(CancellationToken stop)
    {
        var rest = _work.Options.PollInterval;
        while (!stop.IsCancellationRequested)
        {
            _room.Reset();
            var room = Room;
            if (room < WantedRoom)
            {
                // Those that a shared commit has settled come one by one.
                await _room.WaitAsync(Timeout.InfiniteTimeSpan, _executor.TimeProvider, stop).ConfigureAwait(false);
                await Task.Yield();
                continue;
            }

            _due.Reset();
            try
            {
                var isDrained = await ClaimAsync(Math.Min(room, JobClaimRequest.MostJobs), stop).ConfigureAwait(false);
                rest = _work.Options.PollInterval;
                if (!isDrained)
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                JobLog.ClaimFailed(_logger, _request.Worker!, rest, exception);
                rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
                _due.Reset();
            }

            // Jitter, so that workers that started together do not ask together.
            await _due.WaitAsync(rest * (0.75 + (Random.Shared.NextDouble() / 2)), _executor.TimeProvider, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Claims and starts jobs; whether there were fewer than asked for.</summary>
    private async Task<bool> ClaimAsync(int limit, CancellationToken stop)
    {
        var claimed = await _table.ClaimAsync(_request with { Limit = limit }, stop).ConfigureAwait(false);
        foreach (var job in claimed.Ended)
        {
            JobLog.Lapsed(_logger, job.Id, job.Mode, job.Status);
        }

        foreach (var claim in claimed.Claims)
        {
            JobInstruments.Claimed(claim.Job.Mode);
            Start(new HeldJob(claim, claimed.SentAt));
        }

        return claimed.Claims.Count < limit;
    }

    private void Start(HeldJob job)
    {
        _held[job.Claim.Job.Id] = job;

        // Asked for here, so that the turns come in the order of the claim.
        var turn = _turns.WaitAsync(job.Token);
        var running = Task.Run(() => RunAsync(job, turn));
        _running[running] = true;
        _ = running.ContinueWith(
            task => _running.TryRemove(task, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task RunAsync(HeldJob job, Task turn)
    {
        var (outcome, cause) = (default(JobOutcome), default(Exception));
        try
        {
            await turn.ConfigureAwait(false);
            try
            {
                // It may have been told to stop just when its turn came.
                job.Token.ThrowIfCancellationRequested();
                (outcome, cause) = await _runner.HandleAsync(job).ConfigureAwait(false);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop before it had begun.
        }

        job.IsEnding = true;
        Interlocked.Increment(ref _settling);
        _room.Raise();
        await _runner.SettleAsync(job, outcome, cause).ConfigureAwait(false);
        Interlocked.Decrement(ref _settling);
        _held.TryRemove(new(job.Claim.Job.Id, job));
        _room.Raise();
    }
}
