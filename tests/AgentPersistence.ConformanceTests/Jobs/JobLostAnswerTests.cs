using System.Text;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class JobLostAnswerTests(TestDatabases databases) : JobTests(databases)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_enqueue_whose_answer_was_lost_is_stored_once_and_is_this_calls_own(bool hasKey)
    {
        var lost = Proxy.LoseNextAnswerTo("ghost");

        var job = await BehindProxy.Jobs.EnqueueAsync(New with { Payload = Json("\"ghost\""), UniqueKey = hasKey ? NewId("key") : null }, Cancellation);

        await lost;
        Assert.False(job.AlreadyQueued);
        Assert.Equal(job, Assert.Single(await Jobs.QueryAsync(new JobQuery { Mode = Mode }, Cancellation)));
    }

    [Fact]
    public async Task Many_enqueues_whose_shared_answer_was_lost_are_each_stored_once()
    {
        var lost = Proxy.LoseNextAnswerTo("ghost 21");

        var jobs = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => BehindProxy.Jobs.EnqueueAsync(New with { Payload = Json($"\"ghost {i}\"") }, Cancellation)));

        await lost;
        Assert.All(jobs, j => Assert.False(j.AlreadyQueued));
        Assert.Equal(
            jobs.Select(j => j.Id).Order(), (await Jobs.QueryAsync(new JobQuery { Mode = Mode }, Cancellation)).Select(j => j.Id).Order());
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_found_again_and_no_attempt_is_wasted()
    {
        await Jobs.EnqueueAsync([New, New, New], Cancellation);
        var lost = Proxy.LoseNextAnswer(request => Holds(request, "ghost worker"));

        var claims = await BehindProxy.Jobs.ClaimAsync([Mode], 2, worker: "ghost worker", cancellationToken: Cancellation);

        await lost;
        Assert.Equal([(1, 1L), (1, 1L)], claims.Select(c => (c.Attempt, c.Epoch)));
        foreach (var claim in claims)
        {
            await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
        }

        Assert.Single(await ClaimAsync());
    }

    [Fact]
    public async Task Settlements_whose_answers_were_lost_are_the_successes_they_were()
    {
        var (completed, failed, retried) = (await BeginAsync(), await BeginAsync(), await BeginAsync(New with { MaxAttempts = 3 }));

        var first = Proxy.LoseNextAnswerTo("ghost result");
        await BehindProxy.Jobs.CompleteAsync(completed, Json("\"ghost result\""), Cancellation);
        await first;
        var second = Proxy.LoseNextAnswerTo("ghost error");
        Assert.Equal(JobStatus.Failed, await BehindProxy.Jobs.FailAsync(failed, "ghost error", retry: false, Cancellation));
        await second;
        var third = Proxy.LoseNextAnswerTo("ghost retry");
        Assert.Equal(JobStatus.Queued, await BehindProxy.Jobs.FailAsync(retried, "ghost retry", cancellationToken: Cancellation));
        await third;

        Assert.Equal(
            [JobStatus.Done, JobStatus.Failed, JobStatus.Queued],
            new[] { await FindAsync(completed), await FindAsync(failed), await FindAsync(retried) }.Select(j => j.Status));
        Assert.Equal(1, (await FindAsync(retried)).Attempts);
    }

    [Fact]
    public async Task A_settlement_after_whose_lost_answer_the_job_was_claimed_again_is_in_doubt()
    {
        var claim = await BeginAsync(New with { MaxAttempts = 3 });
        Guid heir = default;
        var lost = Proxy.LoseNextAnswerTo("ghost error");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Proxy.LoseNextAnswer(request =>
        {
            // The next request for the job passes only when another has it.
            if (lost.IsCompleted)
            {
                held.Task.Wait(TimeSpan.FromSeconds(20), Cancellation);
            }

            return false;
        });

        var failing = BehindProxy.Jobs.FailAsync(claim, "ghost error", cancellationToken: Cancellation);
        await lost;
        await Database.ExecuteAsync($"UPDATE agent_reactive_jobs SET run_at = created_at WHERE id = '{claim.Job.Id}'");
        heir = (await ClaimOneAsync()).Token;
        held.SetResult();

        var doubt = await Assert.ThrowsAsync<WriteInDoubtException>(() => failing);
        Assert.Equal(("job", claim.Job.Id.ToString()), (doubt.Kind, doubt.Key));
        Assert.NotEqual(claim.Token, heir);
        Assert.Equal((JobStatus.Running, 2), ((await FindAsync(claim)).Status, (await FindAsync(claim)).Attempts));
    }

    [Fact]
    public async Task A_requeue_and_a_cancellation_whose_answers_were_lost_are_the_successes_they_were()
    {
        var job = await Jobs.EnqueueAsync(New, Cancellation);

        var canceled = Proxy.LoseNextAnswer(request => Holds(request, "cancel_requested = (status"));
        Assert.Equal(JobStatus.Canceled, (await BehindProxy.Jobs.CancelAsync(job.Id, Cancellation)).Status);
        await canceled;
        var requeued = Proxy.LoseNextAnswer(request => Holds(request, "SET status = 'queued', attempts = 0"));
        Assert.Equal((JobStatus.Queued, 1L), await BehindProxy.Jobs.RequeueAsync(job.Id, Cancellation) is var found ? (found.Status, found.Epoch) : default);
        await requeued;

        Assert.Equal(2, (await ClaimOneAsync()).Epoch);
    }

    [Fact]
    public async Task A_requeue_whose_connection_broke_while_it_waited_for_the_row_is_the_success_it_was()
    {
        await using var database = await Databases.CreateAsync();
        await using var proxy = TcpCutProxy.Start(database.ConnectionString);
        await using var cut = new Agent(database.Kind, proxy.ConnectionString);
        var job = await cut.Jobs.EnqueueAsync(New, Cancellation);
        await cut.Jobs.CancelAsync(job.Id, Cancellation);

        var requeued = await proxy.CutWhileWaitingAsync(
            database, $"agent_reactive_jobs WHERE id = '{job.Id}'", () => cut.Jobs.RequeueAsync(job.Id, Cancellation));

        Assert.Equal((JobStatus.Queued, 1L), (requeued.Status, requeued.Epoch));
        Assert.Equal(requeued, await cut.Jobs.FindAsync(job.Id, Cancellation));
    }

    private static bool Holds(ReadOnlyMemory<byte> request, string text) => request.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
