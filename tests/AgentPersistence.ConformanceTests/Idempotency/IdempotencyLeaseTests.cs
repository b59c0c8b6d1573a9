using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Leases that lapse, claims that are taken over or block, and when all of it is forgotten.</summary>
public abstract class IdempotencyLeaseTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private Agent _agent = null!;

    private new IIdempotencyCache Cache => _agent.Idempotency;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _agent = new Agent(Database, _time);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Who_asks_meanwhile_is_told_how_long_the_lease_lasts()
    {
        var request = NewRequest() with { Lease = Minute };
        await AcquireAsync(Cache, request);

        _time.Advance(TimeSpan.FromSeconds(45));
        var other = await Cache.BeginAsync(request, Cancellation);

        Assert.Equal((IdempotencyDisposition.InFlight, 1L, Guid.Empty), (other.Disposition, other.Epoch, other.Token));
        Assert.Equal(TimeSpan.FromSeconds(15), other.RetryAfter);
    }

    [Fact]
    public async Task A_renewal_holds_the_claim_for_another_whole_lease()
    {
        var request = NewRequest() with { Lease = Minute };
        var claim = await AcquireAsync(Cache, request);

        _time.Advance(TimeSpan.FromSeconds(50));
        await Cache.RenewAsync(claim, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(59));
        var other = await Cache.BeginAsync(request, Cancellation);

        Assert.Equal((IdempotencyDisposition.InFlight, (TimeSpan?)TimeSpan.FromSeconds(1)), (other.Disposition, other.RetryAfter));
        await Cache.CompleteAsync(claim, One, Cancellation);
        Assert.Equal("1", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task A_zombie_cannot_touch_what_was_taken_over_from_it()
    {
        var request = NewRequest() with { Lease = Minute };
        var zombie = await AcquireAsync(Cache, request);
        _time.Advance(Minute);
        var heir = await AcquireAsync(Cache, request);

        Assert.Equal((2L, true), (heir.Epoch, heir.IsTakeover));
        Assert.NotEqual(zombie.Token, heir.Token);
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.RenewAsync(zombie, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(zombie, One, Cancellation));
        await Cache.CompleteAsync(heir, Two, Cancellation);
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(zombie, Two, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.FailAsync(zombie, "late", Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.ReleaseAsync(zombie, Cancellation));
        Assert.Equal("2", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task Epochs_count_every_claim()
    {
        var request = NewRequest() with { Lease = Minute, TimeToLive = Minute };

        var first = await AcquireAsync(Cache, request);
        await Cache.ReleaseAsync(first, Cancellation);
        var afterRelease = await AcquireAsync(Cache, request);
        _time.Advance(Minute);
        var takeover = await AcquireAsync(Cache, request);
        await Cache.FailAsync(takeover, "no", Cancellation);
        _time.Advance(Minute);
        var afterExpiry = await AcquireAsync(Cache, request);

        Assert.Equal([1, 2, 3, 4], new[] { first, afterRelease, takeover, afterExpiry }.Select(c => c.Epoch));
        Assert.Equal([false, false, true, false], new[] { first, afterRelease, takeover, afterExpiry }.Select(c => c.IsTakeover));
    }

    [Theory]
    [InlineData(CrashPolicy.Block, CrashPolicy.Retry)]
    [InlineData(CrashPolicy.Retry, CrashPolicy.Block)]
    [InlineData(CrashPolicy.Block, CrashPolicy.Block)]
    public async Task A_lapsed_claim_is_indeterminate_for_good_if_either_side_says_block(CrashPolicy holder, CrashPolicy asker)
    {
        var request = NewRequest() with { Lease = Minute, TimeToLive = Minute };
        await AcquireAsync(Cache, request with { OnCrash = holder });
        _time.Advance(Minute);

        var asked = await Cache.BeginAsync(request with { OnCrash = asker }, Cancellation);
        _time.Advance(TimeSpan.FromDays(40_000));
        var later = await Cache.BeginAsync(request with { OnCrash = CrashPolicy.Retry }, Cancellation);

        Assert.Equal((IdempotencyDisposition.Indeterminate, 1L), (asked.Disposition, asked.Epoch));
        Assert.Equal(IdempotencyDisposition.Indeterminate, later.Disposition);
        Assert.Null((await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.ExpiresAt);
    }

    [Fact]
    public async Task A_blocking_claim_that_nobody_asked_about_never_expires()
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = Minute, TimeToLive = Minute };
        await Cache.RenewAsync(await AcquireAsync(Cache, request), Cancellation);

        _time.Advance(TimeSpan.FromDays(40_000));

        Assert.Null((await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.ExpiresAt);
        Assert.Equal(IdempotencyDisposition.Indeterminate, (await Cache.BeginAsync(request with { OnCrash = CrashPolicy.Retry }, Cancellation)).Disposition);
    }

    [Theory]
    [InlineData("complete", IdempotencyState.Completed)]
    [InlineData("fail", IdempotencyState.Failed)]
    [InlineData("release", IdempotencyState.Released)]
    public async Task The_holders_own_late_outcome_settles_what_was_indeterminate(string outcome, IdempotencyState state)
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = Minute, TimeToLive = TimeSpan.FromHours(1) };
        var claim = await AcquireAsync(Cache, request);
        _time.Advance(Minute);
        await Cache.BeginAsync(request, Cancellation);

        await (outcome switch
        {
            "complete" => Cache.CompleteAsync(claim, One, Cancellation),
            "fail" => Cache.FailAsync(claim, "no", Cancellation),
            _ => Cache.ReleaseAsync(claim, Cancellation),
        });

        var record = (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!;
        Assert.Equal((state, (DateTimeOffset?)_time.GetUtcNow() + TimeSpan.FromHours(1)), (record.State, record.ExpiresAt));
    }

    [Fact]
    public async Task An_operator_settles_what_is_indeterminate_once_and_shuts_the_holder_out()
    {
        var (completed, failed, released) = (await IndeterminateAsync(), await IndeterminateAsync(), await IndeterminateAsync());

        Assert.True(await ResolveAsync(completed, new(IdempotencyState.Completed, Json("null"))));
        Assert.True(await ResolveAsync(failed, new(IdempotencyState.Failed, Error: "it had not")));
        Assert.True(await ResolveAsync(released, new(IdempotencyState.Released)));
        Assert.False(await ResolveAsync(completed, new(IdempotencyState.Completed, Json("null"))));
        Assert.False(await ResolveAsync(released, new(IdempotencyState.Failed, Error: "e")));
        foreach (var claim in new[] { completed, failed, released })
        {
            await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(claim, Json("null"), Cancellation));
        }

        Assert.Equal("null", (await BeginAsync(completed)).Result?.GetRawText());
        Assert.Equal("it had not", (await BeginAsync(failed)).Error);
        var again = await BeginAsync(released);
        Assert.Equal((IdempotencyDisposition.Acquired, 2L, false), (again.Disposition, again.Epoch, again.IsTakeover));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("fail")]
    [InlineData("release")]
    public async Task An_outcome_is_kept_for_its_time_to_live_counted_from_when_it_was_stored(string outcome)
    {
        var request = NewRequest() with { Lease = TimeSpan.FromHours(1), TimeToLive = Minute };
        var claim = await AcquireAsync(Cache, request);
        _time.Advance(TimeSpan.FromMinutes(30));
        await (outcome switch
        {
            "complete" => Cache.CompleteAsync(claim, One, Cancellation),
            "fail" => Cache.FailAsync(claim, "no", Cancellation),
            _ => Cache.ReleaseAsync(claim, Cancellation),
        });

        _time.Advance(Minute - TimeSpan.FromMicroseconds(1));
        var kept = await Cache.FindAsync(request.Key, request.Scope, Cancellation);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        var gone = await Cache.FindAsync(request.Key, request.Scope, Cancellation);
        var again = await AcquireAsync(Cache, request);

        Assert.Equal(_time.GetUtcNow(), kept!.ExpiresAt);
        Assert.Null(gone);
        Assert.Equal(2, again.Epoch);
        var record = (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!;
        Assert.Equal((_time.GetUtcNow(), null, null), (record.CreatedAt, record.Result?.GetRawText(), record.Error));
    }

    [Fact]
    public async Task A_lapsed_claim_that_nobody_resumed_is_forgotten_a_time_to_live_after_its_lease()
    {
        var request = NewRequest() with { Lease = Minute, TimeToLive = Minute, Fingerprint = "v1:first" };
        var claim = await AcquireAsync(Cache, request);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Cache.RenewAsync(claim, Cancellation);

        _time.Advance(2 * Minute - TimeSpan.FromMicroseconds(1));
        var kept = await Cache.BeginAsync(request with { Fingerprint = "v1:other" }, Cancellation);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        var gone = await Cache.FindAsync(request.Key, request.Scope, Cancellation);
        var again = await AcquireAsync(Cache, request with { Fingerprint = "v1:other", OnCrash = CrashPolicy.Block });

        Assert.Equal(IdempotencyDisposition.Mismatch, kept.Disposition);
        Assert.Null(gone);
        Assert.Equal((2L, true), (again.Epoch, again.IsTakeover));
    }

    [Fact]
    public async Task Leases_lapse_by_the_databases_own_clock_too()
    {
        var cache = Agent.Idempotency;
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(300) };
        var zombie = await AcquireAsync(cache, request);
        var other = await cache.BeginAsync(request, Cancellation);

        await Task.Delay(TimeSpan.FromMilliseconds(320), Cancellation);
        var heir = await AcquireAsync(cache, request with { Lease = null });

        Assert.InRange(other.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(300));
        Assert.True(heir.IsTakeover);
        await Assert.ThrowsAsync<LeaseLostException>(() => cache.CompleteAsync(zombie, One, Cancellation));
        await cache.CompleteAsync(heir, Two, Cancellation);
    }

    private async Task<IdempotencyClaim> IndeterminateAsync()
    {
        var request = NewRequest(CrashPolicy.Block) with { Lease = Minute };
        var claim = await AcquireAsync(Cache, request);
        _time.Advance(Minute);
        Assert.Equal(IdempotencyDisposition.Indeterminate, (await Cache.BeginAsync(request, Cancellation)).Disposition);
        return claim;
    }

    private Task<IdempotencyClaim> BeginAsync(IdempotencyClaim claim) =>
        Cache.BeginAsync(new IdempotencyRequest { Key = claim.Key, Scope = claim.Scope }, Cancellation);

    private Task<bool> ResolveAsync(IdempotencyClaim claim, IdempotencyResolution resolution) =>
        Cache.ResolveAsync(claim.Key, resolution, claim.Scope, Cancellation);
}
