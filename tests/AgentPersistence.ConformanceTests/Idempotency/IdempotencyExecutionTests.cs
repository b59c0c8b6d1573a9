using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>ExecuteAsync: what runs, what is stored, and what the caller gets.</summary>
public abstract class IdempotencyExecutionTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private int _runs;

    [Fact]
    public async Task An_operation_runs_once_and_its_result_is_replayed()
    {
        var request = NewRequest();

        var first = await Cache.ExecuteAsync(request, _ => Run(new Answer("yes", [1, 2])), Cancellation);
        var second = await Cache.ExecuteAsync(request, _ => Run(new Answer("no", [])), Cancellation);

        Assert.Equal((1, "yes", "yes"), (_runs, first.Text, second.Text));
        Assert.Equal([1, 2], second.Numbers);
        Assert.Equal("""{"text":"yes","numbers":[1,2]}""", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task Results_are_written_and_read_as_the_options_say()
    {
        await using var agent = new Agent(
            Database, configure: o => o.JsonSerializerOptions = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper });
        var request = NewRequest();

        await agent.Idempotency.ExecuteAsync(request, _ => Run(new Answer("yes", [])), Cancellation);
        var replayed = await agent.Idempotency.ExecuteAsync(request, _ => Run(new Answer("no", [])), Cancellation);

        Assert.Equal("yes", replayed.Text);
        Assert.Equal("""{"TEXT":"yes","NUMBERS":[]}""", (await Cache.BeginAsync(request, Cancellation)).Result?.GetRawText());
    }

    [Fact]
    public async Task Null_is_a_result_too_and_an_operation_without_one_runs_once()
    {
        var (nothing, action) = (NewRequest(), NewRequest());

        for (var time = 0; time < 2; time++)
        {
            Assert.Null(await Cache.ExecuteAsync(nothing, _ => Run<string?>(null), Cancellation));
            await Cache.ExecuteAsync(action, _ => (Task)Run(0), Cancellation);
        }

        Assert.Equal(2, _runs);
        Assert.Equal(JsonValueKind.Null, (await Cache.BeginAsync(nothing, Cancellation)).Result?.ValueKind);
    }

    [Fact]
    public async Task A_stored_result_that_is_of_another_type_is_a_JSON_error()
    {
        var (text, none) = (NewRequest(), NewRequest());
        await Cache.ExecuteAsync(text, _ => Run("text"), Cancellation);
        await Cache.CompleteAsync(await AcquireAsync(none), null, Cancellation);

        await Assert.ThrowsAsync<JsonException>(() => Cache.ExecuteAsync(text, _ => Run(new Answer("a", [])), Cancellation));
        await Assert.ThrowsAsync<JsonException>(() => Cache.ExecuteAsync(none, _ => Run(1), Cancellation));
        Assert.Null(await Cache.ExecuteAsync(none, _ => Run<string?>("new"), Cancellation));
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task What_is_in_flight_elsewhere_is_waited_for_no_longer_than_asked()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMinutes(2) };
        await AcquireAsync(request);

        var started = TimeProvider.System.GetTimestamp();
        var atOnce = await Assert.ThrowsAsync<IdempotencyInFlightException>(() => Cache.ExecuteAsync(request, _ => Run(1), Cancellation));
        var first = TimeProvider.System.GetElapsedTime(started);
        await Assert.ThrowsAsync<IdempotencyInFlightException>(
            () => Cache.ExecuteAsync(request with { WaitForOther = TimeSpan.FromMilliseconds(600) }, _ => Run(1), Cancellation));
        var second = TimeProvider.System.GetElapsedTime(started) - first;

        Assert.Equal((0, request.Key, request.Scope), (_runs, atOnce.Key, atOnce.Scope));
        Assert.InRange(atOnce.RetryAfter!.Value, TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(2));
        Assert.InRange(second, TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(5));
        Assert.True(first < second, $"Without a wait {first}, with one {second}.");
    }

    [Fact]
    public async Task Who_waits_gets_the_outcome_when_it_comes_and_runs_when_it_is_released()
    {
        var (completed, failed, released) = (NewRequest(), NewRequest(), NewRequest());
        var claims = (await AcquireAsync(completed), await AcquireAsync(failed), await AcquireAsync(released));
        Task<string> Wait(IdempotencyRequest request) =>
            Cache.ExecuteAsync(request with { WaitForOther = TimeSpan.FromSeconds(30) }, _ => Run("mine"), Cancellation);
        var (waitsForResult, waitsForError, waitsToRun) = (Wait(completed), Wait(failed), Wait(released));

        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        Assert.False(waitsForResult.IsCompleted || waitsForError.IsCompleted || waitsToRun.IsCompleted);
        await Cache.CompleteAsync(claims.Item1, Json("\"theirs\""), Cancellation);
        await Cache.FailAsync(claims.Item2, "no", Cancellation);
        await Cache.ReleaseAsync(claims.Item3, Cancellation);

        Assert.Equal("theirs", await waitsForResult);
        Assert.Equal("no", (await Assert.ThrowsAsync<IdempotencyFailedException>(() => waitsForError)).Error);
        Assert.Equal(("mine", 1), (await waitsToRun, _runs));
    }

    [Fact]
    public async Task Who_waits_takes_over_when_the_holders_lease_lapses()
    {
        var request = NewRequest() with { Lease = TimeSpan.FromMilliseconds(500) };
        var zombie = await AcquireAsync(request);

        var started = TimeProvider.System.GetTimestamp();
        var result = await Cache.ExecuteAsync(request with { WaitForOther = TimeSpan.FromSeconds(30) }, _ => Run("heir's"), Cancellation);

        Assert.Equal("heir's", result);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<LeaseLostException>(() => Cache.CompleteAsync(zombie, One, Cancellation));
    }

    [Fact]
    public async Task A_key_that_belongs_to_another_request_or_is_indeterminate_runs_nothing()
    {
        var (mismatch, unknown) = (NewRequest() with { Fingerprint = "v1:a" }, NewRequest(CrashPolicy.Block));
        await AcquireAsync(mismatch);
        await Assert.ThrowsAsync<TimeoutException>(() => Cache.ExecuteAsync<int>(unknown, _ => throw new TimeoutException(), Cancellation));

        var other = await Assert.ThrowsAsync<IdempotencyMismatchException>(
            () => Cache.ExecuteAsync(mismatch with { Fingerprint = "v1:b" }, _ => Run(1), Cancellation));
        var indeterminate = await Assert.ThrowsAsync<IdempotencyIndeterminateException>(
            () => Cache.ExecuteAsync(unknown with { OnCrash = CrashPolicy.Retry }, _ => Run(1), Cancellation));

        Assert.Equal((mismatch.Key, mismatch.Scope), (other.Key, other.Scope));
        Assert.Equal((unknown.Key, unknown.Scope), (indeterminate.Key, indeterminate.Scope));
        Assert.Equal(0, _runs);
    }

    [Theory]
    [InlineData(CrashPolicy.Retry, "other", IdempotencyState.Released)]
    [InlineData(CrashPolicy.Block, "other", IdempotencyState.Indeterminate)]
    [InlineData(CrashPolicy.Retry, "failed", IdempotencyState.Failed)]
    [InlineData(CrashPolicy.Block, "failed", IdempotencyState.Failed)]
    [InlineData(CrashPolicy.Retry, "not started", IdempotencyState.Released)]
    [InlineData(CrashPolicy.Block, "not started", IdempotencyState.Released)]
    [InlineData(CrashPolicy.Retry, "lease lost", IdempotencyState.Released)]
    public async Task An_exception_reaches_the_caller_itself_and_leaves_the_claim_as_its_kind_says(
        CrashPolicy onCrash, string kind, IdempotencyState state)
    {
        var request = NewRequest(onCrash);
        Exception thrown = kind switch
        {
            "failed" => new IdempotencyFailedException(request.Key, "no money"),
            "not started" => new IdempotencyNotStartedException(request.Key),
            "lease lost" => new LeaseLostException("job", "another", Guid.CreateVersion7()),
            _ => new InvalidOperationException("broken"),
        };

        var caught = await Record.ExceptionAsync(() => Cache.ExecuteAsync<int>(request, async ct =>
        {
            await Task.Delay(1, ct);
            throw thrown;
        }, Cancellation));

        Assert.Same(thrown, caught);
        var record = (await Cache.FindAsync(request.Key, request.Scope, Cancellation))!;
        Assert.Equal((state, state == IdempotencyState.Failed ? "no money" : null), (record.State, record.Error));
    }

    [Theory]
    [InlineData(CrashPolicy.Retry, IdempotencyState.Released)]
    [InlineData(CrashPolicy.Block, IdempotencyState.Indeterminate)]
    public async Task Cancelling_a_running_operation_is_its_own_exception(CrashPolicy onCrash, IdempotencyState state)
    {
        var request = NewRequest(onCrash);
        using var cancelling = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.ExecuteAsync(
            request,
            async ct =>
            {
                await cancelling.CancelAsync();
                await Task.Delay(TimeSpan.FromMinutes(1), ct);
                return 1;
            },
            cancelling.Token));

        Assert.Equal(state, await StateAsync(request));
    }

    [Fact]
    public async Task Cancelling_after_the_operation_has_run_does_not_lose_its_result()
    {
        var request = NewRequest();
        using var cancelling = new CancellationTokenSource();

        var result = await Cache.ExecuteAsync(
            request,
            async _ =>
            {
                await cancelling.CancelAsync();
                return await Run("done");
            },
            cancelling.Token);

        Assert.Equal(("done", IdempotencyState.Completed), (result, await StateAsync(request)));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_another()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromMinutes(5) };
        await AcquireAsync(request);
        using var cancelling = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.ExecuteAsync(request, _ => Run(1), cancelling.Token));

        Assert.Equal((0, IdempotencyState.InProgress), (_runs, await StateAsync(request)));
    }

    [Theory]
    [InlineData(CrashPolicy.Retry, IdempotencyDisposition.Acquired)]
    [InlineData(CrashPolicy.Block, IdempotencyDisposition.Indeterminate)]
    public async Task A_result_that_cannot_be_stored_is_an_error_and_the_claim_ends_only_with_its_lease(
        CrashPolicy onCrash, IdempotencyDisposition afterwards)
    {
        await using var agent = new Agent(Database, configure: o => o.MaxJsonBytes = 1024);
        var request = NewRequest(onCrash) with { Lease = TimeSpan.FromSeconds(1) };
        var ring = new Ring();
        ring.Next = ring;
        var other = request with { Key = NewId("key") };

        var tooLong = await Assert.ThrowsAsync<ArgumentException>(
            () => agent.Idempotency.ExecuteAsync(request, _ => Run(new string('x', 2000)), Cancellation));
        await Assert.ThrowsAsync<JsonException>(() => agent.Idempotency.ExecuteAsync(other, _ => Run(ring), Cancellation));

        Assert.Equal(("result", 2), (tooLong.ParamName, _runs));
        Assert.Equal(IdempotencyDisposition.InFlight, await DispositionAsync(request));
        await Task.Delay(TimeSpan.FromMilliseconds(1_050), Cancellation);
        Assert.Equal(afterwards, await DispositionAsync(request));
        Assert.Equal(afterwards, await DispositionAsync(other));
    }

    private Task<T> Run<T>(T result)
    {
        _runs++;
        return Task.FromResult(result);
    }

    private sealed record Answer(string Text, int[] Numbers);

    private sealed class Ring
    {
        public Ring? Next { get; set; }
    }
}
