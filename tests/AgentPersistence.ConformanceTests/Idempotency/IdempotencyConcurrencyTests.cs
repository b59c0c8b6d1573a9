using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Many callers at once, in one process; the process suite has many processes.</summary>
public abstract class IdempotencyConcurrencyTests(TestDatabases databases) : IdempotencyTests(databases)
{
    public static TheoryData<string> Claimable => ["Absent", "Released", "Lapsed", "Expired"];

    [Theory]
    [MemberData(nameof(Claimable))]
    public async Task Of_64_concurrent_begins_one_acquires_and_the_others_are_told_so(string state)
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(10) };
        await ArriveAtAsync(request, state);
        await using var another = new Agent(Database);

        var claims = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            () => (i % 2 == 0 ? Cache : another.Idempotency).BeginAsync(request, Cancellation))));

        var acquired = Assert.Single(claims, c => c.Disposition == IdempotencyDisposition.Acquired);
        Assert.Equal(63, claims.Count(c => c.Disposition == IdempotencyDisposition.InFlight && c.Epoch == acquired.Epoch));
        Assert.Equal(state == "Absent" ? 1 : 2, acquired.Epoch);
        await Cache.CompleteAsync(acquired, One, Cancellation);
    }

    [Fact]
    public async Task A_lapsed_blocking_claim_is_acquired_by_none_of_64()
    {
        var request = NewRequest(CrashPolicy.Block);
        await ArriveAtAsync(request, "Lapsed");

        var claims = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            () => Cache.BeginAsync(request with { WaitForOther = TimeSpan.FromSeconds(10) }, Cancellation))));

        Assert.All(claims, claim => Assert.Equal(IdempotencyDisposition.Indeterminate, claim.Disposition));
    }

    [Fact]
    public async Task Of_64_concurrent_begins_with_different_fingerprints_all_but_one_mismatch()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(10) };

        var claims = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            () => Cache.BeginAsync(request with { Fingerprint = $"v1:{i}" }, Cancellation))));

        Assert.Single(claims, c => c.Disposition == IdempotencyDisposition.Acquired);
        Assert.Equal(63, claims.Count(c => c.Disposition == IdempotencyDisposition.Mismatch));
    }

    [Fact]
    public async Task Begins_of_many_keys_at_once_are_all_acquired()
    {
        await using var another = new Agent(Database);
        var claims = new IdempotencyClaim[400];

        await Parallel.ForAsync(0, claims.Length, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, ct) =>
            claims[i] = await (i % 2 == 0 ? Cache : another.Idempotency).BeginAsync(NewRequest(), ct));

        Assert.All(claims, claim => Assert.Equal((IdempotencyDisposition.Acquired, 1L), (claim.Disposition, claim.Epoch)));
    }

    [Fact]
    public async Task Of_32_concurrent_executions_one_runs_and_all_get_its_result()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(30) };
        await using var another = new Agent(Database);
        var runs = 0;

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => (i % 2 == 0 ? Cache : another.Idempotency).ExecuteAsync(
                request,
                async ct =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
                    return new Payment($"payment-{Interlocked.Increment(ref runs)}", 1.50m);
                },
                Cancellation))));

        Assert.Equal(1, runs);
        Assert.All(results, result => Assert.Equal(new Payment("payment-1", 1.50m), result));
    }

    [Fact]
    public async Task Of_32_concurrent_executions_that_fail_for_good_one_runs_and_all_get_its_error()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(30) };
        var runs = 0;

        var calls = Enumerable.Range(0, 32).Select(_ => Task.Run(() => Cache.ExecuteAsync<int>(
            request,
            async ct =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
                throw new IdempotencyFailedException(request.Key, "refused");
            },
            Cancellation)));
        var failures = await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<IdempotencyFailedException>(() => call)));

        Assert.Equal(1, runs);
        Assert.All(failures, failure => Assert.Equal((request.Key, "refused"), (failure.Key, failure.Error)));
    }

    [Fact]
    public async Task Executions_that_are_transient_at_first_run_one_after_another_until_one_succeeds()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(30) };
        var (running, most, runs) = (0, 0, 0);

        var calls = Enumerable.Range(0, 16).Select(_ => Task.Run(() => Cache.ExecuteAsync(
            request,
            async ct =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Delay(TimeSpan.FromMilliseconds(10), ct);
                Interlocked.Decrement(ref running);
                return Interlocked.Increment(ref runs) < 4 ? throw new TimeoutException() : "done";
            },
            Cancellation))).ToList();
        var outcomes = await Task.WhenAll(
            calls.Select(async call => await Record.ExceptionAsync(() => call) is null ? await call : "threw"));

        Assert.Equal((1, 4), (most, runs));
        Assert.Equal((3, 13), (outcomes.Count(o => o == "threw"), outcomes.Count(o => o == "done")));
    }

    [Theory]
    [InlineData("Completed", IdempotencyDisposition.Replay)]
    [InlineData("Held", IdempotencyDisposition.InFlight)]
    [InlineData("Indeterminate", IdempotencyDisposition.Indeterminate)]
    public async Task What_needs_no_claim_is_answered_while_another_transaction_holds_the_row(string state, IdempotencyDisposition answer)
    {
        var request = NewRequest() with { Fingerprint = "v1:f", UserId = "u" };
        await ArriveAtAsync(request, state);
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var update = connection.CreateCommand();
        update.Transaction = transaction;
        update.CommandText = $"UPDATE agent_idempotency_cache SET epoch = 77 WHERE idempotency_key = '{request.Key}'";
        Assert.Equal(1, await update.ExecuteNonQueryAsync(Cancellation));

        var claim = await Cache.BeginAsync(request, Cancellation);

        Assert.Equal((answer, 1L), (claim.Disposition, claim.Epoch));
        Assert.Equal(state == "Held", claim.RetryAfter is not null);
    }

    private async Task ArriveAtAsync(IdempotencyRequest request, string state)
    {
        if (state == "Absent")
        {
            return;
        }

        var moment = TimeSpan.FromMilliseconds(1);
        var claim = await AcquireAsync(request with
        {
            Lease = state is "Lapsed" or "Indeterminate" ? moment : null,
            TimeToLive = state == "Expired" ? moment : null,
        });
        await (state switch
        {
            "Released" => Cache.ReleaseAsync(claim, Cancellation),
            "Expired" or "Completed" => Cache.CompleteAsync(claim, One, Cancellation),
            _ => Task.CompletedTask,
        });
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        if (state == "Indeterminate")
        {
            await Cache.BeginAsync(request with { OnCrash = CrashPolicy.Block }, Cancellation);
        }
    }

    private sealed record Payment(string Id, decimal Amount);
}
