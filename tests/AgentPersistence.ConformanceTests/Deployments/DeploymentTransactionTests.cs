using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.Deployments;

public abstract class DeploymentTransactionTests(TestDatabases databases) : DeploymentTests(databases)
{
    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var kept = await NewAsync(DeploymentStatus.Deploying);
        var dropped = Guid.CreateVersion7();
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Deployments.UpdateStatusAsync(kept.Id, DeploymentStatus.Healthy, "up", Cancellation);
            Assert.Equal(kept.Id, (await transaction.Deployments.FindLatestHealthyAsync(kept.Branch, Cancellation))!.Id);
            await transaction.CommitAsync(Cancellation);
        }

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Deployments.CreateAsync(new NewDeployment { Id = dropped, GitSha = "a", Branch = "b" }, Cancellation);
            await transaction.Deployments.UpdateStatusAsync(kept.Id, DeploymentStatus.RolledBack, cancellationToken: Cancellation);
        }

        Assert.Equal(DeploymentStatus.Healthy, (await Deployments.FindAsync(kept.Id, Cancellation))!.Status);
        Assert.Null(await Deployments.FindAsync(dropped, Cancellation));
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var known = await NewAsync();
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Deployments;
            await Assert.ThrowsAsync<DeploymentConflictException>(
                () => inside.CreateAsync(new NewDeployment { Id = known.Id, GitSha = "other", Branch = "other" }, Cancellation));
            await Assert.ThrowsAsync<DeploymentTransitionException>(
                () => inside.UpdateStatusAsync(known.Id, DeploymentStatus.RolledBack, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<DeploymentNotFoundException>(
                () => inside.UpdateStatusAsync(Guid.CreateVersion7(), DeploymentStatus.Healthy, cancellationToken: Cancellation));
            await inside.UpdateStatusAsync(known.Id, DeploymentStatus.Testing, cancellationToken: Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(DeploymentStatus.Testing, (await Deployments.FindAsync(known.Id, Cancellation))!.Status);
    }

    [Fact]
    public async Task The_hosts_own_rows_commit_or_vanish_with_the_deployment()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE host_table (id integer)");
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            await enlisted.Deployments.CreateAsync(new NewDeployment { GitSha = $"{commits}", Branch = "main" }, Cancellation);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO host_table VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(1, await database.CountAsync("host_table"));
        Assert.Equal("True", Assert.Single(await agent.Deployments.QueryAsync(new DeploymentQuery(), Cancellation)).GitSha);
    }
}
