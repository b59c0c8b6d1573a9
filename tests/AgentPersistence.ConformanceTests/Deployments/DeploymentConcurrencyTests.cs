using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.Deployments;

public abstract class DeploymentConcurrencyTests(TestDatabases databases) : DeploymentTests(databases)
{
    [Fact]
    public async Task Of_callers_who_create_with_one_id_one_has_created_it_and_all_get_it()
    {
        await using var other = new Agent(Database);
        var deployment = new NewDeployment { Id = Guid.CreateVersion7(), GitSha = "f00d", Branch = NewId("branch") };

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => (i % 2 == 0 ? Agent : other).Deployments.CreateAsync(deployment, Cancellation), Cancellation)));

        Assert.Single(created, d => !d.AlreadyStored);
        Assert.Single(created.Select(d => d with { AlreadyStored = false }).Distinct());
    }

    [Fact]
    public async Task Of_two_hosts_that_move_a_deployment_to_different_ends_one_wins()
    {
        await using var other = new Agent(Database);
        for (var round = 0; round < 10; round++)
        {
            var deployment = await NewAsync(DeploymentStatus.Deploying);

            var moves = Enumerable.Range(0, 8).Select(i => Task.Run(
                () => i % 2 == 0
                    ? Agent.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Healthy, $"{i}", Cancellation)
                    : other.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Failed, $"{i}", Cancellation),
                Cancellation)).ToList();
            await Task.WhenAll(moves).ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);

            var found = await Deployments.FindAsync(deployment.Id, Cancellation);
            var succeeded = moves.Where(m => m.IsCompletedSuccessfully).Select(m => m.Result).ToList();

            Assert.Single(succeeded, d => !d.AlreadyStored);
            Assert.All(succeeded, d => Assert.Equal(found!.Status, d.Status));
            Assert.Equal(4, succeeded.Count);
            Assert.All(moves.Where(m => m.IsFaulted), m => Assert.Equal(
                found!.Status, Assert.IsType<DeploymentTransitionException>(m.Exception!.InnerException).CurrentStatus));
        }
    }

    [Fact]
    public async Task A_move_that_had_to_wait_is_judged_by_what_it_then_finds()
    {
        var deployment = await NewAsync(DeploymentStatus.Deploying);
        Task<Deployment> late;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Failed, "no room", Cancellation);
            late = Task.Run(
                () => Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Healthy, "fine", Cancellation), Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);
            Assert.False(late.IsCompleted);
            await transaction.CommitAsync(Cancellation);
        }

        var refused = await Assert.ThrowsAsync<DeploymentTransitionException>(() => late);

        Assert.Equal(DeploymentStatus.Failed, refused.CurrentStatus);
        Assert.Equal("no room", (await Deployments.FindAsync(deployment.Id, Cancellation))!.ReportText);
    }
}
