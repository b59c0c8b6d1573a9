using System.Threading.Channels;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>Jobs that somebody's open transaction holds keep nobody from any other job.</summary>
public abstract class JobHeldRowTests(TestDatabases databases) : JobTests(databases)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Other_jobs_are_settled_and_claimed_while_one_waits_for_its_transaction()
    {
        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 20)], Cancellation);
        var claims = await ClaimAsync();
        Task held;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Jobs.CancelAsync(claims[0].Job.Id, Cancellation);
            held = Jobs.CompleteAsync(claims[0], cancellationToken: Cancellation);

            await Task.WhenAll(claims.Skip(1).Select(c => Jobs.CompleteAsync(c, cancellationToken: Cancellation))).WaitAsync(Soon, Cancellation);
            await Jobs.EnqueueAsync(New, Cancellation).WaitAsync(Soon, Cancellation);
            Assert.Single(await ClaimAsync().WaitAsync(Soon, Cancellation));
            Assert.False(held.IsCompleted);
        }

        await held.WaitAsync(Soon, Cancellation);
        Assert.Equal(20, (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Done }, Cancellation)).Count);
    }

    [Fact]
    public async Task Approvals_expire_while_a_transaction_holds_the_job_that_waits_for_one_of_them()
    {
        var approval = await Agent.Approvals.CreateAsync(
            new() { ProposalText = "Refund 40 EUR?", Action = Json("40"), TimeToLive = TimeSpan.FromMilliseconds(500) }, Cancellation);
        var claim = await BeginAsync();
        await Jobs.WaitForApprovalAsync(claim, approval.Id, TimeSpan.FromDays(1), Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Jobs.CancelAsync(claim.Job.Id, Cancellation);
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);

            Assert.Equal(1, await Agent.Approvals.ExpireAsync(cancellationToken: Cancellation).WaitAsync(Soon, Cancellation));
        }

        var again = (await ClaimOneAsync()).Job;
        Assert.Equal((claim.Job.Id, null), (again.Id, again.WaitingFor));
    }

    [Fact]
    public async Task Jobs_are_stored_while_one_waits_for_a_transaction_that_has_its_key()
    {
        var key = NewId("key");
        Task<Job> held;
        Job inside;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            inside = await transaction.Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation);
            held = Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation);

            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Jobs.EnqueueAsync(
                New with { UniqueKey = i % 2 == 0 ? NewId("other") : null }, Cancellation))).WaitAsync(Soon, Cancellation);
            Assert.False(held.IsCompleted);
            await transaction.CommitAsync(Cancellation);
        }

        var met = await held.WaitAsync(Soon, Cancellation);
        Assert.Equal((inside.Id, true), (met.Id, met.AlreadyQueued));
    }

    [Fact]
    public async Task A_lease_is_not_lost_while_the_handlers_own_transaction_holds_the_job_and_others_are_renewed()
    {
        var (lease, work) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        var database = default(IAgentDatabase);
        await using var host = await JobHost.StartAsync(
            Database,
            Mode,
            async (context, ct) =>
            {
                if (context.Job.Priority == 0)
                {
                    await Task.Delay(work, ct);
                    return JobOutcome.Done();
                }

                await using var transaction = await database!.BeginTransactionAsync(ct);
                await transaction.Jobs.CompleteAsync(context.Claim, cancellationToken: ct);
                await Task.Delay(work, ct);
                await transaction.CommitAsync(ct);
                return JobOutcome.Settled;
            },
            o => o.Lease = lease);
        database = host.Database;

        var jobs = await host.Jobs.EnqueueAsync([New with { Priority = 1 }, New], Cancellation);

        await UntilAsync(jobs[0].Id, JobStatus.Done);
        await UntilAsync(jobs[1].Id, JobStatus.Done);
        Assert.Equal([1, 1], (await Task.WhenAll(jobs.Select(j => FindAsync(j.Id)))).Select(j => j.Attempts));
    }

    [Fact]
    public async Task A_worker_runs_the_next_job_while_one_cannot_be_settled_and_none_while_as_many_cannot_as_it_may_run()
    {
        var (begun, go) = (Channel.CreateUnbounded<Guid>(), new SemaphoreSlim(0));
        await using var host = await JobHost.StartAsync(
            Database,
            Mode,
            async (context, ct) =>
            {
                begun.Writer.TryWrite(context.Job.Id);
                await go.WaitAsync(ct);
                return JobOutcome.Done();
            },
            o => o.Concurrency = 1);
        await host.Jobs.EnqueueAsync([New, New, New], Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            for (var unsettled = 0; unsettled < 2; unsettled++)
            {
                await transaction.Jobs.CancelAsync(await begun.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(Soon, Cancellation), Cancellation);
                go.Release();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
            Assert.Equal(0, begun.Reader.Count);
            Assert.Single(await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Queued }, Cancellation));
        }

        go.Release();
        await UntilAsync(async () => (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Done }, Cancellation)).Count == 3);
    }

    [Fact]
    public async Task What_a_claim_sends_is_not_compiled_however_costly_it_looks()
    {
        var jit = await Agent.Get<OwnConnectionExecutor>().WriteAsync(
            (unit, ct) =>
            {
                var settings = unit.Dialect.ClaimJobs.Text.Split(';')[0];
                return unit.Command(new SqlStatement($"{settings}; SELECT current_setting('jit')", TakesNow: false))
                    .ReadFirstAsync(row => row.Text(0), ct, unit.Dialect.IndexPlanResults);
            },
            Cancellation);

        Assert.Equal("off", jit);
    }
}
