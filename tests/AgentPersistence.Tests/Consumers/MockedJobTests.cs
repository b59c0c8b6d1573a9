using System.Text.Json;
using AgentPersistence.Jobs;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedJobTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private readonly Mock<IJobQueue> _jobs = new(MockBehavior.Strict);

    [Theory]
    [InlineData(false, "queued")]
    [InlineData(true, "already Running")]
    public async Task The_queue_can_be_mocked_to_store_a_job_or_to_have_it_already(bool alreadyQueued, string expected)
    {
        _jobs.Setup(j => j.EnqueueAsync(It.Is<NewJob>(n => n.Mode == "answer" && n.UniqueKey == $"answer:{Id}"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Job { Status = alreadyQueued ? JobStatus.Running : JobStatus.Queued, AlreadyQueued = alreadyQueued });

        Assert.Equal(expected, await new JobDesk(_jobs.Object).AskAsync(Id));
    }

    [Fact]
    public async Task The_queue_can_be_mocked_to_requeue_dead_jobs_or_to_refuse_it()
    {
        _jobs.Setup(j => j.QueryAsync(new JobQuery { Status = JobStatus.Failed }, It.IsAny<CancellationToken>()))
            .ReturnsAsync([.. Enumerable.Repeat(new Job { Id = Id }, 4)]);
        _jobs.SetupSequence(j => j.RequeueAsync(Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Job { Id = Id, Status = JobStatus.Queued })
            .ThrowsAsync(new JobConflictException(Id, JobStatus.Done))
            .ThrowsAsync(new JobConflictException(Id, JobStatus.Failed, "k1"))
            .ThrowsAsync(new JobNotFoundException(Id));

        Assert.Equal(["Queued", "is Done", "replaced by k1", "gone"], await new JobDesk(_jobs.Object).ReviveAsync());
    }

    [Fact]
    public async Task A_handler_can_be_mocked_and_be_given_a_job_of_the_tests_own()
    {
        var handler = new Mock<IJobHandler>();
        handler.SetupSequence(h => h.HandleAsync(It.IsAny<JobContext>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(JobOutcome.Done(JsonElement.Parse("42"))).ThrowsAsync(new JobFailedException("declined"));
        var context = new JobContext(new JobClaim { Job = new Job { Id = Id }, Attempt = 2 });

        var done = await new CarefulHandler(handler.Object).HandleAsync(context);
        var failed = await new CarefulHandler(handler.Object).HandleAsync(context);

        Assert.Equal((JobOutcomeKind.Done, 42, 2), (done.Kind, done.Result!.Value.GetInt32(), context.Attempt));
        Assert.Equal((JobOutcomeKind.Failed, $"job:{Id}: declined", false), (failed.Kind, failed.Error, failed.Retry));
    }
}
