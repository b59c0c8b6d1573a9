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
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_that_a_transaction_holds_hold_up_no_other_claim(bool areReleased)
    {
        var requests = NewRequests();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        foreach (var held in Held)
        {
            if (areReleased)
            {
                await Cache.ReleaseAsync(await AcquireAsync(requests[held]), Cancellation);
            }

            await AcquireAsync(transaction.Idempotency, requests[held]);
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
        var requests = Enumerable.Range(0, 200).Select(_ => NewRequest() with { WaitForOther = Patience }).ToList();
        await using var other = new Agent(Database);
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
            [.. requests.Select(r => Execute(Agent, r)), .. requests.AsEnumerable().Reverse().Select(r => Execute(other, r))])
            .WaitAsync(Patience, Cancellation);

        var keys = requests.Select(r => r.Key).ToList();
        Assert.Equal([.. keys, .. keys.AsEnumerable().Reverse()], results);
        Assert.Equal(keys.Order(), runs.Order());
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
    public async Task An_outcome_that_is_refused_is_refused_to_its_holder_alone()
    {
        var requests = NewRequests();
        var claims = await Task.WhenAll(requests.Select(r => AcquireAsync(r)));
        foreach (var held in Held)
        {
            claims[held] = claims[held] with { Token = Guid.CreateVersion7() };
        }

        var completions = claims.Select(claim => Record.ExceptionAsync(() => Cache.CompleteAsync(claim, One, Cancellation)).AsTask());

        Assert.All((await Task.WhenAll(completions)).Index(), c => Assert.Equal(Held.Contains(c.Index), c.Item is LeaseLostException));
    }

    private static List<IdempotencyRequest> NewRequests() => [.. Enumerable.Range(0, Callers).Select(_ => NewRequest())];
}
