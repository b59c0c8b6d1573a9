using System.Collections.Concurrent;
using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Claims and outcomes that share a commit. Only here, because on SQLite a transaction that writes excludes every other.</summary>
public sealed class PostgreSqlSharedIdempotencyTests(PostgreSqlDatabases databases) : IdempotencyTests(databases)
{
    private const int Callers = 32;

    // The first of the callers writes alone, the others share.
    private static readonly int[] Held = [0, 20];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("Absent")]
    [InlineData("Released")]
    [InlineData("InProgress")]
    public async Task Keys_that_a_transaction_holds_hold_up_no_other_claim(string state)
    {
        var requests = NewRequests();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        foreach (var request in Held.Select(h => requests[h]))
        {
            var claim = await AcquireAsync(state == "Absent" ? transaction.Idempotency : Cache, request);
            switch (state)
            {
                case "Released":
                    await Cache.ReleaseAsync(claim, Cancellation);
                    await AcquireAsync(transaction.Idempotency, request);
                    break;
                case "InProgress":
                    await transaction.Idempotency.CompleteAsync(claim, One, Cancellation);
                    break;
            }
        }

        var claims = await Task.WhenAll(requests.Select(r => Cache.BeginAsync(r, Cancellation))).WaitAsync(Patience, Cancellation);

        Assert.All(claims.Index(), c => Assert.Equal(
            Held.Contains(c.Index) ? IdempotencyDisposition.InFlight : IdempotencyDisposition.Acquired, c.Item.Disposition));
    }

    [Fact]
    public async Task Rows_that_somebody_holds_hold_up_no_other_outcome()
    {
        var requests = NewRequests();
        var claims = await Task.WhenAll(requests.Select(r => AcquireAsync(r)));
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT 1 FROM agent_idempotency_cache WHERE idempotency_key IN "
            + $"({string.Join(", ", Held.Select(h => $"'{requests[h].Key}'"))}) FOR UPDATE";
        await command.ExecuteNonQueryAsync(Cancellation);

        var completions = claims.Select(claim => Cache.CompleteAsync(claim, One, Cancellation)).ToList();
        var held = Held.Select(h => completions[h]).ToList();
        await Task.WhenAll(completions.Except(held)).WaitAsync(Patience, Cancellation);
        Assert.DoesNotContain(held, h => h.IsCompleted);
        await transaction.CommitAsync(Cancellation);

        await Task.WhenAll(held).WaitAsync(Patience, Cancellation);
        foreach (var request in requests)
        {
            Assert.Equal(IdempotencyState.Completed, await StateAsync(request));
        }
    }

    [Fact]
    public async Task Two_programs_that_share_many_keys_in_opposite_order_run_each_once_and_never_in_a_deadlock()
    {
        await using var other = new Agent(Database);
        for (var round = 0; round < 20; round++)
        {
            var requests = Enumerable.Range(0, 200).Select(_ => NewRequest() with { WaitForOther = Patience }).ToList();
            var runs = new ConcurrentBag<string>();
            Task<string> Execute(Agent agent, IdempotencyRequest request) => agent.Idempotency.ExecuteAsync(
                request,
                _ =>
                {
                    runs.Add(request.Key);
                    return Task.FromResult(request.Key);
                },
                Cancellation);

            var results = await Task.WhenAll(
                Task.Run(() => Task.WhenAll(requests.Select(r => Execute(Agent, r)))),
                Task.Run(() => Task.WhenAll(requests.AsEnumerable().Reverse().Select(r => Execute(other, r))))).WaitAsync(Patience, Cancellation);

            var keys = requests.Select(r => r.Key).ToList();
            Assert.Equal(keys, results[0]);
            Assert.Equal(keys.AsEnumerable().Reverse(), results[1]);
            Assert.Equal(keys.Order(), runs.Order());
        }

        // A server process says what it has counted once it has been idle for a second.
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        Assert.Equal(0L, await Database.ScalarAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }

    [Fact]
    public async Task Claims_and_outcomes_of_a_shared_commit_whose_answer_is_lost_are_their_callers()
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        var requests = NewRequests();
        var lost = proxy.LoseNextAnswerTo(requests[20].Key);

        var claims = await Task.WhenAll(requests.Select(r => agent.Idempotency.BeginAsync(r, Cancellation))).WaitAsync(Patience, Cancellation);
        await lost.WaitAsync(Patience, Cancellation);
        Assert.All(claims, c => Assert.Equal((IdempotencyDisposition.Acquired, 1L, false), (c.Disposition, c.Epoch, c.IsTakeover)));

        lost = proxy.LoseNextAnswerTo("\"result 20\"");
        await Task.WhenAll(claims.Select((c, i) => agent.Idempotency.CompleteAsync(c, Json($"\"result {i}\""), Cancellation)))
            .WaitAsync(Patience, Cancellation);
        await lost.WaitAsync(Patience, Cancellation);
        foreach (var (i, request) in requests.Index())
        {
            Assert.Equal($"\"result {i}\"", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
        }
    }

    [Fact]
    public async Task A_release_in_a_shared_commit_that_lost_its_answer_is_a_success_even_where_another_has_claimed_since()
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        var requests = NewRequests();
        var claims = await Task.WhenAll(requests.Select(r => AcquireAsync(r)));
        var lost = proxy.LoseNextAnswerTo(requests[20].Key);

        // Whoever claims now is first: the releases have to open connections before they can ask again.
        var releases = Task.WhenAll(claims.Select(claim => agent.Idempotency.ReleaseAsync(claim, Cancellation)));
        await lost.WaitAsync(Patience, Cancellation);
        var next = await AcquireAsync(requests[20]);

        await releases.WaitAsync(Patience, Cancellation);
        Assert.Equal((2L, false), (next.Epoch, next.IsTakeover));
    }

    [Fact]
    public async Task An_outcome_that_is_refused_is_refused_to_its_holder_alone()
    {
        var requests = NewRequests();
        var claims = await Task.WhenAll(requests.Select(r => AcquireAsync(r)));
        foreach (var held in Held)
        {
            // Of another that is settled at the same time.
            claims[held] = claims[held] with { Token = claims[held + 1].Token };
        }

        var completions = await Task.WhenAll(
            claims.Select(claim => Record.ExceptionAsync(() => Cache.CompleteAsync(claim, One, Cancellation)).AsTask()));

        foreach (var (i, request) in requests.Index())
        {
            Assert.Equal(Held.Contains(i), completions[i] is LeaseLostException);
            Assert.Equal(Held.Contains(i) ? IdempotencyState.InProgress : IdempotencyState.Completed, await StateAsync(request));
        }
    }

    [Fact]
    public async Task A_lease_lasts_from_when_its_claim_was_sent_however_long_that_had_to_wait()
    {
        await using var agent = new Agent(DatabaseKind.PostgreSql, $"{Database.ConnectionString};Maximum Pool Size=1;Pooling=true");
        var transaction = await agent.Database.BeginTransactionAsync(Cancellation);

        var runs = Task.WhenAll(NewRequests().Select(request => agent.Idempotency.ExecuteAsync(
            request with { Lease = TimeSpan.FromMilliseconds(400) },
            async ct =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), ct);
                return true;
            },
            Cancellation)));
        await Task.Delay(TimeSpan.FromMilliseconds(900), Cancellation);
        await transaction.DisposeAsync();

        Assert.All(await runs.WaitAsync(Patience, Cancellation), Assert.True);
    }

    [Fact]
    public async Task A_shared_commit_that_is_not_known_to_have_ended_is_nobodys_success()
    {
        await using var database = await Databases.CreateAsync();
        await database.ExecuteAsync("""
            CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF NEW.idempotency_key = 'slow' THEN PERFORM pg_sleep(3); END IF; RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER commit_slowly AFTER INSERT ON agent_idempotency_cache
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_slowly();
            """);
        await using var agent = new Agent(
            DatabaseKind.PostgreSql, $"{database.ConnectionString};Command Timeout=1", configure: o => o.RetryTimeout = TimeSpan.FromSeconds(2));

        var begun = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var key = i == 4 ? "slow" : $"{i}";
            var exception = await Record.ExceptionAsync(() => agent.Idempotency.BeginAsync(new IdempotencyRequest { Key = key }, Cancellation));
            return (Key: key, Exception: exception);
        }));

        foreach (var (key, exception) in begun)
        {
            var isStored = await database.ScalarAsync($"SELECT 1 FROM agent_idempotency_cache WHERE idempotency_key = '{key}'") is not null;
            Assert.Equal((key != "slow", key == "slow"), (isStored, exception is WriteInDoubtException));
        }
    }

    private static List<IdempotencyRequest> NewRequests() => [.. Enumerable.Range(0, Callers).Select(_ => NewRequest())];
}
