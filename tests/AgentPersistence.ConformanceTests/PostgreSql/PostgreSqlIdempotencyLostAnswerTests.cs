using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Calls that were stored although their answer was lost. Only here, because SQLite has no connection to lose.</summary>
public sealed class PostgreSqlIdempotencyLostAnswerTests(PostgreSqlDatabases databases) : IdempotencyTests(databases)
{
    private IIdempotencyCache Cut => BehindProxy.Idempotency;

    [Theory]
    [InlineData("Absent", 1, false)]
    [InlineData("Released", 2, false)]
    [InlineData("Lapsed", 2, true)]
    public async Task A_begin_that_lost_its_answer_finds_its_own_claim(string state, long epoch, bool isTakeover)
    {
        var request = NewRequest();
        if (state != "Absent")
        {
            var earlier = await AcquireAsync(request with { Lease = TimeSpan.FromMilliseconds(1) });
            await (state == "Released" ? Cache.ReleaseAsync(earlier, Cancellation) : Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation));
        }

        var lost = Proxy.LoseNextAnswerTo(request.Key);
        var claim = await Cut.BeginAsync(request, Cancellation);

        await lost;
        Assert.Equal((IdempotencyDisposition.Acquired, epoch, isTakeover), (claim.Disposition, claim.Epoch, claim.IsTakeover));
        Assert.Equal(IdempotencyDisposition.InFlight, await DispositionAsync(request));
        await Cut.CompleteAsync(claim, One, Cancellation);
    }

    [Theory]
    [InlineData(CrashPolicy.Retry)]
    [InlineData(CrashPolicy.Block)]
    public async Task A_begin_whose_lease_lapsed_before_it_learnt_of_it_holds_a_whole_one(CrashPolicy onCrash)
    {
        var request = NewRequest(onCrash) with { Lease = TimeSpan.FromMilliseconds(300) };

        // The answer, and then as many requests as take longer than the lease.
        Task[] lost = [Proxy.LoseNextAnswerTo(request.Key), .. Enumerable.Range(0, 8).Select(_ => Proxy.LoseNextRequestWith(request.Key))];
        var claim = await Cut.BeginAsync(request, Cancellation);
        var other = await Cache.BeginAsync(request, Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal((IdempotencyDisposition.Acquired, 1L, false), (claim.Disposition, claim.Epoch, claim.IsTakeover));
        Assert.Equal(IdempotencyDisposition.InFlight, other.Disposition);
        await Cut.CompleteAsync(claim, One, Cancellation);
    }

    [Fact]
    public async Task An_operation_whose_begin_lost_its_answer_is_told_that_its_lease_ends_before_it_does()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromSeconds(3) };
        await using var agent = new Agent(Database.Kind, Proxy.ConnectionString, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(2));

        // The answer, and then as many requests as take a good part of the lease, but not half of it.
        Task[] lost = [Proxy.LoseNextAnswerTo(request.Key), .. Enumerable.Range(0, 8).Select(_ => Proxy.LoseNextRequestWith(request.Key))];
        object? lapsed = null;
        await Record.ExceptionAsync(() => agent.Idempotency.ExecuteAsync(
            request,
            async ct =>
            {
                await Task.WhenAll(lost);
                await Proxy.DisposeAsync();
                await Record.ExceptionAsync(() => Task.Delay(Timeout.Infinite, ct));
                lapsed = await Database.ScalarAsync(
                    $"SELECT lease_until <= clock_timestamp() - interval '0.3 s' FROM agent_idempotency_cache WHERE idempotency_key = '{request.Key}'");
                return true;
            },
            Cancellation));

        Assert.Equal(false, lapsed);
    }

    [Fact]
    public async Task An_outcome_that_lost_its_answer_was_stored_once_and_is_a_success()
    {
        var (completed, failed, released) = (NewRequest(), NewRequest(), NewRequest());
        var claims = (await AcquireAsync(completed), await AcquireAsync(failed), await AcquireAsync(released));

        Task[] lost = [Proxy.LoseNextAnswerTo(completed.Key), Proxy.LoseNextAnswerTo(failed.Key), Proxy.LoseNextAnswerTo(released.Key)];
        await Cut.CompleteAsync(claims.Item1, One, Cancellation);
        await Cut.FailAsync(claims.Item2, "no", Cancellation);
        await Cut.ReleaseAsync(claims.Item3, Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal(3, Proxy.Cuts);
        Assert.Equal("1", (await Cache.BeginAsync(completed, Cancellation)).Result?.GetRawText());
        Assert.Equal("no", (await Cache.BeginAsync(failed, Cancellation)).Error);
        Assert.Equal(IdempotencyState.Released, await StateAsync(released));
    }

    [Fact]
    public async Task A_call_whose_request_was_lost_is_made_again()
    {
        var (request, renewed) = (NewRequest(), NewRequest());
        Task[] lost = [Proxy.LoseNextRequestWith(request.Key), Proxy.LoseNextRequestWith("\"stored once\"")];

        var claim = await Cut.BeginAsync(request, Cancellation);
        await Cut.CompleteAsync(claim, Json("\"stored once\""), Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal(1, claim.Epoch);
        Assert.Equal("\"stored once\"", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task A_renewal_that_lost_its_answer_holds_the_claim()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromSeconds(30) };
        var claim = await AcquireAsync(request);
        var before = (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.ExpiresAt;

        var lost = Proxy.LoseNextAnswerTo(request.Key);
        await Cut.RenewAsync(claim, Cancellation);

        await lost;
        Assert.True((await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.ExpiresAt > before);
        await Cut.CompleteAsync(claim, One, Cancellation);
    }

    [Fact]
    public async Task A_resolution_that_lost_its_answer_was_this_operators()
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = TimeSpan.FromMilliseconds(1) };
        await AcquireAsync(request);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        Assert.Equal(IdempotencyDisposition.Indeterminate, await DispositionAsync(request));

        var lost = Proxy.LoseNextAnswerTo(request.Key);
        var isResolved = await Cut.ResolveAsync(request.Key, new(IdempotencyState.Completed, One), request.Scope, Cancellation);

        await lost;
        Assert.True(isResolved);
        Assert.False(await Cut.ResolveAsync(request.Key, new(IdempotencyState.Completed, One), request.Scope, Cancellation));
    }

    [Fact]
    public async Task An_execution_whose_answers_are_all_lost_runs_once_and_stores_its_result()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(900) };
        var runs = 0;
        var begun = Proxy.LoseNextAnswerTo(request.Key);

        var result = await Cut.ExecuteAsync(
            request,
            async ct =>
            {
                var renewed = Proxy.LoseNextAnswerTo(request.Key);
                await Task.WhenAll(renewed, Task.Delay(TimeSpan.FromMilliseconds(400), ct));
                _ = Proxy.LoseNextAnswerTo("\"done once\"");
                runs++;
                return "done once";
            },
            Cancellation);

        await begun;
        Assert.Equal((1, "done once", 3), (runs, result, Proxy.Cuts));
        Assert.Equal("\"done once\"", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task A_release_that_lost_its_answer_is_a_success_even_where_another_has_claimed_since()
    {
        var request = NewRequest();
        var claim = await AcquireAsync(request);
        Task[] lost = [Proxy.LoseNextAnswerTo(request.Key), .. Enumerable.Range(0, 4).Select(_ => Proxy.LoseNextRequestWith(request.Key))];

        var release = Cut.ReleaseAsync(claim, Cancellation);
        await lost[0];
        var next = await AcquireAsync(request);
        Assert.False(release.IsCompleted);
        await release;

        await Task.WhenAll(lost);
        Assert.Equal((2L, false), (next.Epoch, next.IsTakeover));
        await Cache.CompleteAsync(next, One, Cancellation);
    }

    [Fact]
    public async Task An_outcome_that_lost_its_way_to_a_claim_taken_over_meanwhile_was_not_stored()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(1) };
        var claim = await AcquireAsync(request);
        Task[] lost = [.. Enumerable.Range(0, 5).Select(_ => Proxy.LoseNextRequestWith(request.Key))];

        var complete = Cut.CompleteAsync(claim, One, Cancellation);
        await lost[0];
        var heir = await AcquireAsync(request with { Lease = null });

        await Assert.ThrowsAsync<LeaseLostException>(() => complete);
        Assert.True(heir.IsTakeover);
        await Cache.CompleteAsync(heir, Two, Cancellation);
    }

    [Fact]
    public async Task An_outcome_whose_record_is_another_claims_by_now_is_in_doubt()
    {
        var request = NewRequest() with { TimeToLive = TimeSpan.FromMilliseconds(1) };
        var claim = await AcquireAsync(request);
        Task[] lost = [Proxy.LoseNextAnswerTo(request.Key), .. Enumerable.Range(0, 4).Select(_ => Proxy.LoseNextRequestWith(request.Key))];

        var complete = Cut.CompleteAsync(claim, One, Cancellation);
        await lost[0];
        await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        await AcquireAsync(request with { TimeToLive = null });

        Assert.Equal(request.Key, (await Assert.ThrowsAsync<WriteInDoubtException>(() => complete)).Key);
    }
}
