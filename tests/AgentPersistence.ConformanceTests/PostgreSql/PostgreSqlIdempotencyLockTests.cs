using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Transactions that are open at the same time. Only here, because SQLite has one writer.</summary>
public sealed class PostgreSqlIdempotencyLockTests(PostgreSqlDatabases databases) : IdempotencyTests(databases)
{
    [Fact]
    public async Task An_open_transaction_holds_up_nobody_who_asks_for_another_key()
    {
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await AcquireAsync(transaction.Idempotency, NewRequest());

        var started = TimeProvider.System.GetTimestamp();
        var request = NewRequest();
        await Cache.CompleteAsync(await AcquireAsync(request), One, Cancellation);

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_transactions_that_claim_one_key_the_second_is_told_and_goes_on(bool isReleased)
    {
        var (request, own) = (NewRequest(), NewRequest());
        if (isReleased)
        {
            await Cache.ReleaseAsync(await AcquireAsync(request), Cancellation);
        }

        await using var first = await Agent.Database.BeginTransactionAsync(Cancellation);
        await using var second = await Agent.Database.BeginTransactionAsync(Cancellation);
        var claim = await AcquireAsync(first.Idempotency, request);

        Assert.Equal(IdempotencyDisposition.InFlight, (await second.Idempotency.BeginAsync(request, Cancellation)).Disposition);
        var waiting = second.Idempotency.BeginAsync(request with { WaitForOther = TimeSpan.FromSeconds(30) }, Cancellation);
        await first.Idempotency.CompleteAsync(claim, One, Cancellation);
        await first.CommitAsync(Cancellation);

        Assert.Equal(IdempotencyDisposition.Replay, (await waiting).Disposition);
        await AcquireAsync(second.Idempotency, own);
        await second.CommitAsync(Cancellation);
        Assert.Equal(IdempotencyState.InProgress, await StateAsync(own));
    }

    [Fact]
    public async Task Two_transactions_that_claim_two_keys_crosswise_do_not_kill_each_other()
    {
        var (a, b) = (NewRequest(), NewRequest());
        var wait = TimeSpan.FromSeconds(2);
        await using var first = await Agent.Database.BeginTransactionAsync(Cancellation);
        await using var second = await Agent.Database.BeginTransactionAsync(Cancellation);
        await AcquireAsync(first.Idempotency, a);
        await AcquireAsync(second.Idempotency, b);

        var crosswise = await Task.WhenAll(
            first.Idempotency.BeginAsync(b with { WaitForOther = wait }, Cancellation),
            second.Idempotency.BeginAsync(a with { WaitForOther = wait }, Cancellation));

        Assert.All(crosswise, claim => Assert.Equal(IdempotencyDisposition.InFlight, claim.Disposition));
        await first.CommitAsync(Cancellation);
        await second.CommitAsync(Cancellation);
        Assert.Equal(IdempotencyDisposition.InFlight, await DispositionAsync(a));
        Assert.Equal(IdempotencyDisposition.InFlight, await DispositionAsync(b));
    }

    [Fact]
    public async Task Of_32_transactions_that_claim_one_key_at_once_one_acquires_and_the_others_replay()
    {
        var request = NewRequest() with { WaitForOther = TimeSpan.FromSeconds(30) };

        var dispositions = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
            var claim = await transaction.Idempotency.BeginAsync(request, Cancellation);
            if (claim.Disposition == IdempotencyDisposition.Acquired)
            {
                await transaction.Idempotency.CompleteAsync(claim, One, Cancellation);
            }

            await transaction.CommitAsync(Cancellation);
            return claim.Disposition;
        })));

        Assert.Single(dispositions, IdempotencyDisposition.Acquired);
        Assert.Equal(31, dispositions.Count(d => d == IdempotencyDisposition.Replay));
    }
}
