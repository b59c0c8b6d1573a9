using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Results that concurrent callers read again together. Only here, because on SQLite each reads by itself.</summary>
public sealed class PostgreSqlSharedReplayTests(PostgreSqlDatabases databases) : IdempotencyTests(databases)
{
    private const int Callers = 250;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_caller_gets_what_its_own_request_is_answered()
    {
        var asked = new List<(IdempotencyRequest Request, IdempotencyDisposition Disposition, long Epoch, string? Result)>();
        for (var i = 0; i < 40; i++)
        {
            var stored = NewRequest() with { UserId = i % 2 == 0 ? null : $"user {i}", Fingerprint = i % 3 == 0 ? null : $"print {i}" };
            await CompleteAsync(stored, $"{i}");
            await CompleteAsync(stored with { Scope = "others" }, $"\"of others {i}\"");
            asked.Add((stored, IdempotencyDisposition.Replay, 1, $"{i}"));
            asked.Add((stored with { Scope = "others" }, IdempotencyDisposition.Replay, 1, $"\"of others {i}\""));
            asked.Add((stored with { Fingerprint = null }, IdempotencyDisposition.Replay, 1, $"{i}"));
            asked.Add((stored with { UserId = "nobody" }, IdempotencyDisposition.Mismatch, 1, null));
            asked.Add((stored with { Scope = "nowhere" }, IdempotencyDisposition.Acquired, 1, null));
            if (i % 3 > 0)
            {
                asked.Add((stored with { Fingerprint = "another" }, IdempotencyDisposition.Mismatch, 1, null));
            }
        }

        var (running, failed, expired, again, empty) = (NewRequest(), NewRequest(), NewRequest(), NewRequest(), NewRequest());
        await AcquireAsync(running);
        await Cache.FailAsync(await AcquireAsync(failed), "no", Cancellation);
        await CompleteAsync(expired with { TimeToLive = TimeSpan.FromMilliseconds(1) }, "1");
        await CompleteAsync(again with { TimeToLive = TimeSpan.FromMilliseconds(1) }, "1");
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        await CompleteAsync(again, "2");
        await Cache.CompleteAsync(await AcquireAsync(empty), null, Cancellation);
        asked.Add((running, IdempotencyDisposition.InFlight, 1, null));
        asked.Add((failed, IdempotencyDisposition.ReplayFailure, 1, null));
        asked.Add((expired, IdempotencyDisposition.Acquired, 2, null));
        asked.Add((again, IdempotencyDisposition.Replay, 2, "2"));
        asked.Add((empty, IdempotencyDisposition.Replay, 1, null));

        var claims = await TogetherAsync(Agent, asked.Select(a => a.Request));

        Assert.Equal(asked, asked.Zip(claims, (a, c) => (a.Request, c.Disposition, c.Epoch, c.Result?.GetRawText())));
        Assert.Equal(asked.Select(a => (a.Request.Scope, a.Request.Key)), claims.Select(c => (c.Scope, c.Key)));
    }

    [Fact]
    public async Task One_key_is_replayed_to_as_many_as_ask()
    {
        var request = NewRequest();
        await CompleteAsync(request, "1");

        var claims = await TogetherAsync(Agent, Enumerable.Repeat(request, Callers));

        Assert.All(claims, c => Assert.Equal((IdempotencyDisposition.Replay, "1"), (c.Disposition, c.Result?.GetRawText())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_that_are_very_long_are_replayed_whole(bool isCompressed)
    {
        var requests = Enumerable.Range(0, 20).Select(_ => NewRequest()).ToList();
        var results = requests.Select((_, i) => i % 3 > 0 ? $"{i}" : $"\"{i} {Long(i, isCompressed)}\"").ToList();
        foreach (var (i, request) in requests.Index())
        {
            await CompleteAsync(request, results[i]);
        }

        var claims = await TogetherAsync(Agent, requests);

        Assert.Equal(results, claims.Select(c => c.Result?.GetRawText()));
    }

    [Fact]
    public async Task A_caller_who_cancels_does_not_wait_and_harms_nobody()
    {
        var requests = await CompletedAsync(30);
        int[] impatient = [0, 1, 2, 20];
        using var cancelled = new CancellationTokenSource();
        await Cache.BeginAsync(requests[0], Cancellation);
        await using var held = await HoldTableAsync();

        var replays = requests.Select((r, i) => Cache.BeginAsync(r, impatient.Contains(i) ? cancelled.Token : Cancellation)).ToList();
        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        await cancelled.CancelAsync();
        foreach (var i in impatient)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replays[i].WaitAsync(Patience, Cancellation));
        }

        await held.DisposeAsync();
        foreach (var (i, replay) in replays.Index().Where(r => !impatient.Contains(r.Index)))
        {
            Assert.Equal($"{i}", (await replay.WaitAsync(Patience, Cancellation)).Result?.GetRawText());
        }
    }

    [Fact]
    public async Task A_host_that_ends_answers_whoever_has_asked()
    {
        var agent = new Agent(Database);
        var requests = await CompletedAsync(30);
        await agent.Idempotency.BeginAsync(requests[0], Cancellation);
        await using var held = await HoldTableAsync();

        var replays = requests.Select(r => agent.Idempotency.BeginAsync(r, Cancellation)).ToList();
        var cache = agent.Idempotency;
        var ended = agent.DisposeAsync().AsTask();
        Assert.False(ended.IsCompleted);
        await held.DisposeAsync();
        await ended.WaitAsync(Patience, Cancellation);

        Assert.Equal(requests.Select((_, i) => $"{i}"), (await Task.WhenAll(replays)).Select(r => r.Result?.GetRawText()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.BeginAsync(requests[0], Cancellation));
    }

    [Fact]
    public async Task Results_whose_answer_is_lost_are_read_again()
    {
        var requests = await CompletedAsync(30);
        await BehindProxy.Idempotency.BeginAsync(requests[0], Cancellation);
        Task[] lost = [Proxy.LoseNextAnswerTo(requests[0].Key), Proxy.LoseNextAnswerTo(requests[20].Key), Proxy.LoseNextRequestWith(requests[25].Key)];

        var claims = await TogetherAsync(BehindProxy, requests);

        await Task.WhenAll(lost).WaitAsync(Patience, Cancellation);
        Assert.Equal(requests.Select((_, i) => $"{i}"), claims.Select(c => c.Result?.GetRawText()));
    }

    [Fact]
    public async Task A_statement_that_the_server_gives_up_is_nobodys_failure()
    {
        var requests = await CompletedAsync(30);
        await Cache.BeginAsync(requests[0], Cancellation);
        await using var held = await HoldTableAsync();

        var replays = Task.WhenAll(requests.Select(r => Cache.BeginAsync(r, Cancellation)));
        while (await Database.ScalarAsync("""
            SELECT pg_cancel_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%unnest%'
            """) is null)
        {
            await Task.Delay(10, Cancellation);
        }

        await held.DisposeAsync();
        Assert.Equal(requests.Select((_, i) => $"{i}"), (await replays.WaitAsync(Patience, Cancellation)).Select(r => r.Result?.GetRawText()));
    }

    [Fact]
    public async Task Whoever_asks_after_another_program_has_stored_its_result_gets_it()
    {
        await using var other = new Agent(Database);
        var known = await CompletedAsync(1);
        await Cache.BeginAsync(known[0], Cancellation);
        using var ended = new CancellationTokenSource();
        var others = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    await Cache.BeginAsync(known[0], Cancellation);
                }
            },
            Cancellation)).ToList();

        for (var i = 0; i < 200; i++)
        {
            var request = NewRequest();
            await other.Idempotency.CompleteAsync(await AcquireAsync(other.Idempotency, request), Json($"{i}"), Cancellation);
            Assert.Equal($"{i}", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
        }

        await ended.CancelAsync();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Whoever_asks_is_told_that_the_database_cannot_be_reached()
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(
            DatabaseKind.PostgreSql, proxy.ConnectionString, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        var requests = await CompletedAsync(30);
        await agent.Idempotency.BeginAsync(requests[0], Cancellation);
        proxy.Close();
        proxy.CutAll();

        var replays = requests.Select(r => Record.ExceptionAsync(() => agent.Idempotency.BeginAsync(r, Cancellation)).AsTask());

        Assert.All(await Task.WhenAll(replays).WaitAsync(Patience, Cancellation), e => Assert.IsType<AgentPersistenceException>(e));
    }

    private static string Long(int seed, bool isCompressed)
    {
        if (isCompressed)
        {
            return new string((char)('a' + seed), 1_000_000);
        }

        var bytes = new byte[150_000];
        new Random(seed).NextBytes(bytes);
        return Convert.ToHexString(bytes);
    }

    /// <summary>Asks at the same time, once the cache expects results to be stored.</summary>
    private async Task<IdempotencyClaim[]> TogetherAsync(Agent agent, IEnumerable<IdempotencyRequest> requests)
    {
        var known = await CompletedAsync(1);
        await agent.Idempotency.BeginAsync(known[0], Cancellation);
        await using var held = await HoldTableAsync();
        var claims = Task.WhenAll(requests.Prepend(known[0]).Select(r => agent.Idempotency.BeginAsync(r, Cancellation)));
        await held.DisposeAsync();
        return (await claims.WaitAsync(Patience, Cancellation))[1..];
    }

    /// <summary>Keeps everybody from the table until it is disposed, so that who asks meanwhile waits together.</summary>
    private async Task<IAsyncDisposable> HoldTableAsync()
    {
        var connection = await Database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE agent_idempotency_cache";
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private async Task<List<IdempotencyRequest>> CompletedAsync(int count)
    {
        var requests = Enumerable.Range(0, count).Select(_ => NewRequest()).ToList();
        foreach (var (i, request) in requests.Index())
        {
            await CompleteAsync(request, $"{i}");
        }

        return requests;
    }

    private async Task CompleteAsync(IdempotencyRequest request, string result) =>
        await Cache.CompleteAsync(await AcquireAsync(request), Json(result), Cancellation);
}
