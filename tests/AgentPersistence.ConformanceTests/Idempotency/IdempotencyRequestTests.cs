using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>What is one request and what is another, what comes back, and what is refused.</summary>
public abstract class IdempotencyRequestTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    public static TheoryData<string> States => ["InProgress", "Lapsed", "Completed", "Failed", "Released", "Indeterminate"];

    [Fact]
    public async Task An_acquired_claim_and_its_record_say_what_was_asked()
    {
        var request = NewRequest() with { UserId = "user-1", Lease = TimeSpan.FromSeconds(7), TimeToLive = TimeSpan.FromHours(2) };

        var claim = await Cache.BeginAsync(request, Cancellation);
        var record = (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!;

        Assert.Equal(
            new IdempotencyClaim
            {
                Key = request.Key,
                Scope = "tests",
                Disposition = IdempotencyDisposition.Acquired,
                Token = claim.Token,
                Epoch = 1,
                Lease = TimeSpan.FromSeconds(7),
            },
            claim);
        Assert.NotEqual(Guid.Empty, claim.Token);
        Assert.Equal((request.Key, "tests", "user-1"), (record.Key, record.Scope, record.UserId));
        Assert.Equal((IdempotencyState.InProgress, 1L), (record.State, record.Epoch));
        Assert.Equal(record.CreatedAt + TimeSpan.FromSeconds(7) + TimeSpan.FromHours(2), record.ExpiresAt);
        Assert.InRange(record.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task What_the_request_leaves_open_the_options_say()
    {
        await using var agent = new Agent(Database, configure: options =>
        {
            options.Idempotency.Lease = TimeSpan.FromSeconds(3);
            options.Idempotency.TimeToLive = TimeSpan.FromMinutes(9);
        });
        var (configured, usual) = (NewRequest(), NewRequest());

        var claim = await AcquireAsync(agent.Idempotency, configured);
        var record = (await Cache.FindAsync(configured.Key, configured.Scope, Cancellation))!;
        var usualClaim = await AcquireAsync(usual);
        var usualRecord = (await Cache.FindAsync(usual.Key, usual.Scope, Cancellation))!;

        Assert.Equal(TimeSpan.FromSeconds(3), claim.Lease);
        Assert.Equal(record.CreatedAt + TimeSpan.FromSeconds(3) + TimeSpan.FromMinutes(9), record.ExpiresAt);
        Assert.Equal(TimeSpan.FromMinutes(1), usualClaim.Lease);
        Assert.Equal(usualRecord.CreatedAt + TimeSpan.FromMinutes(1) + TimeSpan.FromHours(24), usualRecord.ExpiresAt);
    }

    [Fact]
    public async Task A_key_in_another_scope_or_in_other_letters_is_another_key()
    {
        var request = NewRequest();
        await AcquireAsync(request);

        await AcquireAsync(request with { Scope = "" });
        await AcquireAsync(request with { Scope = "Tests" });
        await AcquireAsync(request with { Key = request.Key.ToUpperInvariant() });
        await AcquireAsync(request with { Key = request.Key + "é" });
        await AcquireAsync(request with { Key = request.Key + "e\u0301" });

        Assert.Equal(IdempotencyDisposition.InFlight, await DispositionAsync(request));
        Assert.Null(await Cache.FindAsync(request.Key, "another", Cancellation));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Another_fingerprint_is_a_mismatch_in_every_state_and_changes_nothing(string state)
    {
        var request = NewRequest() with { Fingerprint = "v1:first" };
        await ArriveAtAsync(request, state);
        var before = await Cache.FindAsync(request.Key, request.Scope, Cancellation);

        var other = await Cache.BeginAsync(request with { Fingerprint = "v1:other" }, Cancellation);
        var block = await DispositionAsync(request with { Fingerprint = "v1:other", OnCrash = CrashPolicy.Block });

        Assert.Equal((IdempotencyDisposition.Mismatch, Guid.Empty, null), (other.Disposition, other.Token, other.Lease));
        Assert.Equal(IdempotencyDisposition.Mismatch, block);
        Assert.Equal(before, await Cache.FindAsync(request.Key, request.Scope, Cancellation));
        Assert.NotEqual(IdempotencyDisposition.Mismatch, await DispositionAsync(request));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Another_user_is_a_mismatch_in_every_state_and_nobody_is_another_user(string state)
    {
        var request = NewRequest() with { UserId = "ann" };
        await ArriveAtAsync(request, state);
        var before = await Cache.FindAsync(request.Key, request.Scope, Cancellation);

        Assert.Equal(IdempotencyDisposition.Mismatch, await DispositionAsync(request with { UserId = "bob" }));
        Assert.Equal(IdempotencyDisposition.Mismatch, await DispositionAsync(request with { UserId = null }));
        Assert.Equal(before, await Cache.FindAsync(request.Key, request.Scope, Cancellation));
        Assert.NotEqual(IdempotencyDisposition.Mismatch, await DispositionAsync(request));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task No_fingerprint_asks_for_nothing_and_the_first_one_given_is_kept(string state)
    {
        var request = NewRequest();
        await ArriveAtAsync(request, state);

        var first = await DispositionAsync(request with { Fingerprint = "v1:first" });
        var other = await DispositionAsync(request with { Fingerprint = "v1:other" });
        var same = await DispositionAsync(request with { Fingerprint = "v1:first" });
        var none = await DispositionAsync(request);

        Assert.NotEqual(IdempotencyDisposition.Mismatch, first);
        Assert.Equal(IdempotencyDisposition.Mismatch, other);
        Assert.NotEqual(IdempotencyDisposition.Mismatch, same);
        Assert.Equal(same, none);
    }

    [Fact]
    public async Task An_expired_outcome_mismatches_nobody()
    {
        var request = NewRequest() with { UserId = "ann", Fingerprint = "v1:first", TimeToLive = Short };
        await Cache.CompleteAsync(await AcquireAsync(request), One, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);

        var claim = await AcquireAsync(request with { UserId = "bob", Fingerprint = "v1:other", TimeToLive = null });

        Assert.Equal((2L, false), (claim.Epoch, claim.IsTakeover));
        Assert.Equal("bob", (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.UserId);
        Assert.Equal(IdempotencyDisposition.Mismatch, await DispositionAsync(request));
    }

    [Fact]
    public async Task A_request_is_judged_alike_right_after_a_replay()
    {
        var (replayed, asked, brief) = (NewRequest(), NewRequest() with { UserId = "ann" }, NewRequest() with { TimeToLive = Short });
        var empty = NewRequest() with { Fingerprint = "v1:first" };
        await Cache.CompleteAsync(await AcquireAsync(replayed), One, Cancellation);
        await Cache.CompleteAsync(await AcquireAsync(asked), One, Cancellation);
        await Cache.CompleteAsync(await AcquireAsync(brief), One, Cancellation);
        await Cache.CompleteAsync(await AcquireAsync(empty), null, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        async Task<(IdempotencyDisposition, long, string?)> AfterAReplayAsync(IdempotencyRequest request)
        {
            Assert.Equal(IdempotencyDisposition.Replay, await DispositionAsync(replayed));
            Assert.Equal(IdempotencyDisposition.Replay, await DispositionAsync(replayed));
            var claim = await Cache.BeginAsync(request, Cancellation);
            return (claim.Disposition, claim.Epoch, claim.Result?.GetRawText());
        }

        var mismatch = (IdempotencyDisposition.Mismatch, 1L, default(string));
        var replay = (IdempotencyDisposition.Replay, 1L, "1");
        Assert.Equal(mismatch, await AfterAReplayAsync(asked with { UserId = "bob" }));
        Assert.Equal(mismatch, await AfterAReplayAsync(asked with { UserId = null }));
        Assert.Equal(replay, await AfterAReplayAsync(asked));
        Assert.Equal(replay, await AfterAReplayAsync(asked with { Fingerprint = "v1:first" }));
        Assert.Equal(mismatch, await AfterAReplayAsync(asked with { Fingerprint = "v1:other" }));
        Assert.Equal(replay, await AfterAReplayAsync(asked));
        Assert.Equal((IdempotencyDisposition.Replay, 1L, null), await AfterAReplayAsync(empty));
        Assert.Equal(mismatch, await AfterAReplayAsync(empty with { Fingerprint = "v1:other" }));
        Assert.Equal((IdempotencyDisposition.Acquired, 2L, null), await AfterAReplayAsync(brief));
        Assert.Equal((IdempotencyDisposition.Acquired, 1L, null), await AfterAReplayAsync(asked with { Scope = NewId("scope") }));
    }

    [Fact]
    public async Task A_result_comes_back_with_its_exact_text()
    {
        var request = NewRequest();
        const string text = """{ "n": 1.50, "n": 12345678901234567890,  "s": "\u0000 \ud83d" }""";

        await Cache.CompleteAsync(await AcquireAsync(request), Json(text), Cancellation);
        var replay = await Cache.BeginAsync(request, Cancellation);

        Assert.Equal((IdempotencyDisposition.Replay, text, null), (replay.Disposition, replay.Result?.GetRawText(), replay.Error));
        Assert.Equal(text, (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!.Result?.GetRawText());
    }

    [Fact]
    public async Task A_JSON_null_and_no_result_stay_different()
    {
        var (none, jsonNull) = (NewRequest(), NewRequest());

        await Cache.CompleteAsync(await AcquireAsync(none), null, Cancellation);
        await Cache.CompleteAsync(await AcquireAsync(jsonNull), Json("null"), Cancellation);

        Assert.Null((await Cache.BeginAsync(none, Cancellation)).Result);
        Assert.Equal(JsonValueKind.Null, (await Cache.BeginAsync(jsonNull, Cancellation)).Result!.Value.ValueKind);
    }

    [Fact]
    public async Task An_error_comes_back_as_free_text()
    {
        var request = NewRequest();

        await Cache.FailAsync(await AcquireAsync(request), "card\0refused \ud83d", Cancellation);
        var replay = await Cache.BeginAsync(request, Cancellation);

        Assert.Equal(IdempotencyDisposition.ReplayFailure, replay.Disposition);
        Assert.Equal("card\uFFFDrefused \uFFFD", replay.Error);
        Assert.Null(replay.Result);
    }

    [Fact]
    public async Task Storing_the_same_outcome_again_is_the_same_call_and_another_is_refused()
    {
        var (completed, failed, released) = (NewRequest(), NewRequest(), NewRequest());
        var (complete, fail, release) = (await AcquireAsync(completed), await AcquireAsync(failed), await AcquireAsync(released));

        for (var time = 0; time < 2; time++)
        {
            await Cache.CompleteAsync(complete, Json("[1]"), Cancellation);
            await Cache.FailAsync(fail, "error", Cancellation);
            await Cache.ReleaseAsync(release, Cancellation);
        }

        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(complete, Json("[ 1]"), Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(complete, null, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.FailAsync(fail, "other", Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(release, null, Cancellation));
        Assert.Equal("[1]", (await Cache.BeginAsync(completed, Cancellation)).Result?.GetRawText());
        Assert.Equal("error", (await Cache.BeginAsync(failed, Cancellation)).Error);
    }

    [Fact]
    public async Task What_breaks_a_rule_is_refused_by_name_and_nothing_is_written()
    {
        var request = NewRequest();
        var claim = await AcquireAsync(NewRequest());
        var inFlight = claim with { Disposition = IdempotencyDisposition.InFlight };
        (string Argument, Func<Task> Call)[] calls =
        [
            ("Key", () => Cache.BeginAsync(request with { Key = " " }, Cancellation)),
            ("Key", () => Cache.BeginAsync(request with { Key = "a\nb" }, Cancellation)),
            ("Key", () => Cache.ExecuteAsync(request with { Key = new string('k', 256) }, _ => Task.FromResult(1), Cancellation)),
            ("Scope", () => Cache.BeginAsync(request with { Scope = "\t" }, Cancellation)),
            ("UserId", () => Cache.BeginAsync(request with { UserId = "" }, Cancellation)),
            ("Fingerprint", () => Cache.BeginAsync(request with { Fingerprint = "\ud83d" }, Cancellation)),
            ("TimeToLive", () => Cache.BeginAsync(request with { TimeToLive = TimeSpan.Zero }, Cancellation)),
            ("Lease", () => Cache.BeginAsync(request with { Lease = TimeSpan.FromDays(8) }, Cancellation)),
            ("OnCrash", () => Cache.BeginAsync(request with { OnCrash = (CrashPolicy)9 }, Cancellation)),
            ("WaitForOther", () => Cache.BeginAsync(request with { WaitForOther = TimeSpan.FromTicks(-1) }, Cancellation)),
            ("request", () => Cache.BeginAsync(null!, Cancellation)),
            ("operation", () => Cache.ExecuteAsync<int>(request, null!, Cancellation)),
            ("claim", () => Cache.RenewAsync(inFlight, Cancellation)),
            ("claim", () => Cache.ReleaseAsync(null!, Cancellation)),
            ("claim", () => Cache.CompleteAsync(inFlight, null, Cancellation)),
            ("result", () => Cache.CompleteAsync(claim, default(JsonElement), Cancellation)),
            ("error", () => Cache.FailAsync(claim, null!, Cancellation)),
            ("key", () => Cache.FindAsync("", cancellationToken: Cancellation)),
            ("scope", () => Cache.FindAsync("k", null!, Cancellation)),
            ("resolution", () => Cache.ResolveAsync("k", null!, cancellationToken: Cancellation)),
            ("State", () => Cache.ResolveAsync("k", new(IdempotencyState.InProgress), cancellationToken: Cancellation)),
            ("State", () => Cache.ResolveAsync("k", new(IdempotencyState.Indeterminate), cancellationToken: Cancellation)),
            ("Result", () => Cache.ResolveAsync("k", new(IdempotencyState.Released, One), cancellationToken: Cancellation)),
            ("Error", () => Cache.ResolveAsync("k", new(IdempotencyState.Failed), cancellationToken: Cancellation)),
            ("Error", () => Cache.ResolveAsync("k", new(IdempotencyState.Completed, Error: "e"), cancellationToken: Cancellation)),
        ];

        foreach (var (argument, call) in calls)
        {
            Assert.Equal(argument, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);
        }

        Assert.Null(await Cache.FindAsync(request.Key, request.Scope, Cancellation));
        Assert.Equal(IdempotencyState.InProgress, (await Cache.FindAsync(claim.Key, claim.Scope, Cancellation))!.State);
    }

    private async Task ArriveAtAsync(IdempotencyRequest request, string state)
    {
        var isShort = state is "Lapsed" or "Indeterminate";
        var claim = await AcquireAsync(isShort ? request with { Lease = Short } : request);
        await (state switch
        {
            "Completed" => Cache.CompleteAsync(claim, One, Cancellation),
            "Failed" => Cache.FailAsync(claim, "error", Cancellation),
            "Released" => Cache.ReleaseAsync(claim, Cancellation),
            _ => isShort ? Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation) : Task.CompletedTask,
        });
        if (state == "Indeterminate")
        {
            Assert.Equal(IdempotencyDisposition.Indeterminate, await DispositionAsync(request with { OnCrash = CrashPolicy.Block }));
        }
    }
}
