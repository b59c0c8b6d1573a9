using System.Collections.Concurrent;
using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>A server that ends as in a crash while everybody writes, and comes back.</summary>
public sealed class AuditRestartTests
{
    private const int Restarts = 3;
    private const int Writers = 12;

    private static readonly TimeSpan BetweenRestarts = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly ConcurrentBag<AuditAcknowledgement> _acknowledged = [];
    private readonly ConcurrentBag<Exception> _failures = [];
    private readonly CancellationTokenSource _ended = new();
    private long _logged;
    private long _saved;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_killed_under_load_loses_and_doubles_nothing_and_callers_go_on_when_it_is_back()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var database = new PostgreSqlTestDatabase(server.Catalog, await server.CreateDatabaseAsync());
        await using var one = new Agent(database);
        await using var two = new Agent(database);
        await one.Database.MigrateAsync(Cancellation);
        var session = await one.Sessions.CreateAsync(new NewSession { State = JsonElement.Parse("0") }, Cancellation);

        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(() => LogAsync((w % 4 == 0 ? two : one).Audit, $"w{w}"))).ToList();
        writers.Add(Task.Run(() => ReadAsync(two.Audit)));
        var saving = Task.Run(() => SaveAsync(one.Sessions, session));
        for (var i = 0; i < Restarts; i++)
        {
            await Task.Delay(BetweenRestarts, Cancellation);
            await server.StopAsync(PostgreSqlStop.Immediate);
            await Task.Delay(Random.Shared.Next(300), Cancellation);
            await server.StartAgainAsync();
            var (logged, saved) = (await TimeUntilMoreAsync(() => Volatile.Read(ref _logged)), await TimeUntilMoreAsync(() => Volatile.Read(ref _saved)));
            TestContext.Current.SendDiagnosticMessage(
                $"AuditRestartTests: after restart {i + 1} an entry was logged in {logged.TotalMilliseconds:0} ms, "
                + $"a session saved {saved.TotalMilliseconds:0} ms later");
        }

        await Task.Delay(BetweenRestarts, Cancellation);
        await _ended.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Bound, Cancellation);
        var version = await saving.WaitAsync(Bound, Cancellation);

        // The server was away for less than the time for which calls are repeated.
        Assert.Empty(_failures);
        (await StoredAuditLog.ReadIntactAsync(database)).AssertHolds(_acknowledged);
        Assert.Equal(version, (await one.Sessions.FindAsync(session.Id, Cancellation))!.Version);
        Assert.Equal(Volatile.Read(ref _saved), version - session.Version);
        TestContext.Current.SendDiagnosticMessage($"AuditRestartTests: {_acknowledged.Count} entries, {Volatile.Read(ref _saved)} saves");
    }

    private async Task LogAsync(IAuditLogger audit, string writer)
    {
        for (var i = 0; !_ended.IsCancellationRequested; i++)
        {
            var run = $"{writer}-{i}";
            await TryAsync(async () =>
            {
                var receipt = await audit.LogAsync(new AuditEntry { RunId = run, Status = AuditStatus.Pending }, Cancellation);
                _acknowledged.Add(new AuditAcknowledgement("logged", receipt.Id, receipt.Sequence!.Value, run));
                Interlocked.Increment(ref _logged);
                var completed = await audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.Success), Cancellation);
                _acknowledged.Add(new AuditAcknowledgement("completed", completed.Id, completed.Sequence!.Value));
            });
        }
    }

    private async Task ReadAsync(IAuditLogger audit)
    {
        while (!_ended.IsCancellationRequested)
        {
            await TryAsync(() => audit.QueryAsync(new AuditQuery { Limit = 5 }, Cancellation));
            await Task.Delay(5, Cancellation);
        }
    }

    /// <summary>Saves one session again and again, each time under the version that the last save returned. Returns the last.</summary>
    private async Task<long> SaveAsync(ISessionStore sessions, AgentSession session)
    {
        while (!_ended.IsCancellationRequested)
        {
            await TryAsync(async () =>
            {
                session = await sessions.SaveStateAsync(
                    session.Id, new SessionUpdate { State = JsonElement.Parse($"{session.Version}"), ExpectedVersion = session.Version }, Cancellation);
                Interlocked.Increment(ref _saved);
            });
        }

        return session.Version;
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _failures.Add(failure);
        }
    }

    private static async Task<TimeSpan> TimeUntilMoreAsync(Func<long> count)
    {
        var (before, started) = (count(), TimeProvider.System.GetTimestamp());
        while (count() == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Bound, "nobody makes progress after the restart");
            await Task.Delay(5, Cancellation);
        }

        return TimeProvider.System.GetElapsedTime(started);
    }
}
