using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

public abstract class JobTransactionTests(TestDatabases databases) : JobTests(databases)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_transaction_does_to_jobs_holds_once_it_commits_and_not_before(bool commits)
    {
        var (done, failed, snoozed, canceled) = (await BeginAsync(), await BeginAsync(), await BeginAsync(), await Jobs.EnqueueAsync(New, Cancellation));
        var queued = default(Job);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            queued = await transaction.Jobs.EnqueueAsync(New with { UniqueKey = NewId("key"), Priority = 1 }, Cancellation);
            Assert.Equal(queued, await transaction.Jobs.FindAsync(queued.Id, Cancellation));
            await transaction.Jobs.CompleteAsync(done, Json("1"), Cancellation);
            Assert.Equal(JobStatus.Failed, await transaction.Jobs.FailAsync(failed, "x", cancellationToken: Cancellation));
            await transaction.Jobs.SnoozeAsync(snoozed, TimeSpan.FromHours(1), Cancellation);
            await transaction.Jobs.CancelAsync(canceled.Id, Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(commits ? queued : null, await Jobs.FindAsync(queued.Id, Cancellation));
        Assert.Equal(
            commits
                ? [JobStatus.Done, JobStatus.Failed, JobStatus.Queued, JobStatus.Canceled]
                : [JobStatus.Running, JobStatus.Running, JobStatus.Running, JobStatus.Queued],
            new[] { await FindAsync(done), await FindAsync(failed), await FindAsync(snoozed), await FindAsync(canceled.Id) }.Select(j => j.Status));
        if (!commits)
        {
            await Jobs.CompleteAsync(done, cancellationToken: Cancellation);
        }
    }

    [Fact]
    public async Task A_claim_in_a_transaction_is_given_back_when_that_rolls_back()
    {
        await Jobs.EnqueueAsync(New, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            Assert.Equal(1, Assert.Single(await transaction.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation)).Attempt);
        }

        Assert.Equal((1, 1L), ((await ClaimOneAsync()).Attempt, 1L));
    }

    [Fact]
    public async Task A_claim_in_a_transaction_keeps_others_from_no_more_than_it_has_claimed()
    {
        await Jobs.EnqueueAsync([New with { Priority = 1 }, New with { Priority = 1 }, New, New], Cancellation);
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        Assert.Equal([1], (await transaction.Jobs.ClaimAsync([Mode], 1, cancellationToken: Cancellation)).Select(c => c.Job.Priority));
        Assert.Equal([1, 0], (await transaction.Jobs.ClaimAsync([Mode], 2, cancellationToken: Cancellation)).Select(c => c.Job.Priority));

        var others = ClaimAsync();
        if (Database.Kind == DatabaseKind.Sqlite)
        {
            // There nobody else writes until the transaction ends.
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(0, Assert.Single(await others).Job.Priority);
    }

    [Fact]
    public async Task Expected_refusals_leave_the_transaction_usable()
    {
        var key = NewId("key");
        var dead = await BeginAsync(New with { UniqueKey = key });
        await Jobs.FailAsync(dead, "x", cancellationToken: Cancellation);
        var holder = await Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Jobs;
            await Assert.ThrowsAsync<JobConflictException>(() => inside.RequeueAsync(dead.Job.Id, Cancellation));
            await Assert.ThrowsAsync<JobConflictException>(() => inside.RequeueAsync(holder.Id, Cancellation));
            await Assert.ThrowsAsync<JobNotFoundException>(() => inside.CancelAsync(dead.Token, Cancellation));
            await Assert.ThrowsAsync<LeaseLostException>(() => inside.CompleteAsync(dead, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<LeaseLostException>(() => inside.HeartbeatAsync(dead, Cancellation));
            Assert.Equal(holder with { AlreadyQueued = true }, await inside.EnqueueAsync(New with { UniqueKey = key }, Cancellation));
            await inside.CancelAsync(holder.Id, Cancellation);
            Assert.Equal(JobStatus.Queued, (await inside.RequeueAsync(dead.Job.Id, Cancellation)).Status);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal((JobStatus.Canceled, JobStatus.Queued), ((await FindAsync(holder.Id)).Status, (await FindAsync(dead)).Status));
    }

    [Fact]
    public async Task The_hosts_own_rows_commit_or_vanish_with_the_completion()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE effects (id integer)");
        await agent.Jobs.EnqueueAsync(New, Cancellation);
        var claim = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO effects VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            await enlisted.Jobs.CompleteAsync(claim, Json($"\"{commits}\""), Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(1, await database.CountAsync("effects"));
        var done = (await agent.Jobs.FindAsync(claim.Job.Id, Cancellation))!;
        Assert.Equal((JobStatus.Done, "\"True\""), (done.Status, done.Result?.GetRawText()));
    }
}
