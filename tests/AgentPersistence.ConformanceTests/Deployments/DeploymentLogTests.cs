using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.Deployments;

public abstract class DeploymentLogTests(TestDatabases databases) : DeploymentTests(databases)
{
    private static readonly Dictionary<DeploymentStatus, DeploymentStatus[]> Allowed = new()
    {
        [DeploymentStatus.Building] =
            [DeploymentStatus.Testing, DeploymentStatus.Deploying, DeploymentStatus.Healthy, DeploymentStatus.Failed],
        [DeploymentStatus.Testing] = [DeploymentStatus.Deploying, DeploymentStatus.Healthy, DeploymentStatus.Failed],
        [DeploymentStatus.Deploying] = [DeploymentStatus.Healthy, DeploymentStatus.Failed, DeploymentStatus.RolledBack],
        [DeploymentStatus.Healthy] = [DeploymentStatus.RolledBack],
        [DeploymentStatus.Failed] = [DeploymentStatus.RolledBack],
        [DeploymentStatus.RolledBack] = [],
    };

    public static MatrixTheoryData<DeploymentStatus, DeploymentStatus> Pairs =>
        new(Enum.GetValues<DeploymentStatus>(), Enum.GetValues<DeploymentStatus>());

    [Fact]
    public async Task A_created_deployment_comes_back_as_it_was_given()
    {
        var created = await Deployments.CreateAsync(new NewDeployment { GitSha = "f00d", Branch = "release/é" }, Cancellation);

        Assert.Equal(("f00d", "release/é", DeploymentStatus.Building), (created.GitSha, created.Branch, created.Status));
        Assert.Equal((7, null, false), (created.Id.Version, created.ReportText, created.AlreadyStored));
        Assert.Equal(created.CreatedAt, created.UpdatedAt);
        Assert.InRange(created.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(created, await Deployments.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task Creating_with_the_same_id_again_is_the_same_deployment_however_it_stands()
    {
        var deployment = new NewDeployment { Id = Guid.CreateVersion7(), GitSha = "f00d", Branch = "main" };
        var created = await Deployments.CreateAsync(deployment, Cancellation);
        var moved = await Deployments.UpdateStatusAsync(created.Id, DeploymentStatus.Testing, "2 of 3", Cancellation);

        var again = await Deployments.CreateAsync(deployment, Cancellation);
        var otherSha = await Assert.ThrowsAsync<DeploymentConflictException>(
            () => Deployments.CreateAsync(deployment with { GitSha = "beef" }, Cancellation));
        await Assert.ThrowsAsync<DeploymentConflictException>(
            () => Deployments.CreateAsync(deployment with { Branch = "next" }, Cancellation));

        Assert.Equal(deployment.Id, created.Id);
        Assert.Equal(moved with { AlreadyStored = true }, again);
        Assert.Equal(created.Id, otherSha.DeploymentId);
        Assert.Equal(moved, await Deployments.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task An_empty_id_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => Deployments.CreateAsync(new NewDeployment { Id = Guid.Empty, GitSha = "f00d", Branch = "main" }, Cancellation));

        Assert.Equal(nameof(NewDeployment.Id), refused.ParamName);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_status_follows_another_or_is_refused_with_the_current_one(DeploymentStatus from, DeploymentStatus to)
    {
        var before = await NewAsync(from);

        if (from == to || Allowed[from].Contains(to))
        {
            var moved = await Deployments.UpdateStatusAsync(before.Id, to, cancellationToken: Cancellation);

            Assert.Equal((to, from == to), (moved.Status, moved.AlreadyStored));
            Assert.Equal(moved with { AlreadyStored = false }, await Deployments.FindAsync(before.Id, Cancellation));
        }
        else
        {
            var refused = await Assert.ThrowsAsync<DeploymentTransitionException>(
                () => Deployments.UpdateStatusAsync(before.Id, to, "no", Cancellation));

            Assert.Equal((before.Id, from, to), (refused.DeploymentId, refused.CurrentStatus, refused.RequestedStatus));
            Assert.Equal(before, await Deployments.FindAsync(before.Id, Cancellation));
        }
    }

    [Fact]
    public async Task A_report_stays_until_another_is_given_also_where_the_status_stays()
    {
        var created = await NewAsync();

        var building = await Deployments.UpdateStatusAsync(created.Id, DeploymentStatus.Building, "half\0built", Cancellation);
        var testing = await Deployments.UpdateStatusAsync(created.Id, DeploymentStatus.Testing, cancellationToken: Cancellation);
        var again = await Deployments.UpdateStatusAsync(created.Id, DeploymentStatus.Testing, "3 of 3", Cancellation);
        var unchanged = await Deployments.UpdateStatusAsync(created.Id, DeploymentStatus.Testing, "3 of 3", Cancellation);

        Assert.Equal(("half\uFFFDbuilt", true), (building.ReportText, building.AlreadyStored));
        Assert.Equal(("half\uFFFDbuilt", false), (testing.ReportText, testing.AlreadyStored));
        Assert.Equal(("3 of 3", true), (again.ReportText, again.AlreadyStored));
        Assert.True(again.UpdatedAt > testing.UpdatedAt);
        Assert.Equal(again, unchanged);
        Assert.Equal(again with { AlreadyStored = false }, await Deployments.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task An_unknown_deployment_is_null_when_looked_for_and_an_error_when_moved()
    {
        var nobody = Guid.CreateVersion7();

        Assert.Null(await Deployments.FindAsync(nobody, Cancellation));
        var missing = await Assert.ThrowsAsync<DeploymentNotFoundException>(
            () => Deployments.UpdateStatusAsync(nobody, DeploymentStatus.Testing, cancellationToken: Cancellation));
        Assert.Equal(nobody, missing.DeploymentId);
        Assert.Null(await Deployments.FindLatestAsync(NewId("branch"), Cancellation));
        Assert.Null(await Deployments.FindLatestHealthyAsync(NewId("branch"), Cancellation));
    }

    [Fact]
    public async Task A_status_that_is_not_defined_is_refused()
    {
        var created = await NewAsync();

        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Deployments.UpdateStatusAsync(created.Id, (DeploymentStatus)17, cancellationToken: Cancellation));

        Assert.Equal("status", refused.ParamName);
    }

    [Fact]
    public async Task The_latest_and_the_latest_healthy_one_are_known_by_branch()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var log = agent.Deployments;
        var good = await NewAsync(DeploymentStatus.Healthy, "main", agent);
        var better = await NewAsync(DeploymentStatus.Healthy, "main", agent);
        var broken = await NewAsync(DeploymentStatus.Failed, "main", agent);
        var elsewhere = await NewAsync(DeploymentStatus.Healthy, "next", agent);
        var running = await NewAsync(DeploymentStatus.Testing, "next", agent);

        Assert.Equal(broken, await log.FindLatestAsync("main", Cancellation));
        Assert.Equal(better, await log.FindLatestHealthyAsync("main", Cancellation));
        Assert.Equal((running, elsewhere), (await log.FindLatestAsync("next", Cancellation), await log.FindLatestHealthyAsync("next", Cancellation)));
        Assert.Equal(running, await log.FindLatestAsync(cancellationToken: Cancellation));
        Assert.Equal(elsewhere, await log.FindLatestHealthyAsync(cancellationToken: Cancellation));

        await log.UpdateStatusAsync(better.Id, DeploymentStatus.RolledBack, "too slow", Cancellation);

        Assert.Equal(good, await log.FindLatestHealthyAsync("main", Cancellation));
        Assert.Equal(broken, await log.FindLatestAsync("main", Cancellation));
    }

    [Fact]
    public async Task Recent_deployments_come_newest_first_by_branch_commit_status_and_time()
    {
        var start = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var time = new ManualTimeProvider(start);
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, time);
        var ids = new List<Guid>();
        foreach (var (branch, sha) in new[] { ("main", "a"), ("next", "a"), ("main", "b"), ("main", "a") })
        {
            ids.Add((await agent.Deployments.CreateAsync(new NewDeployment { Branch = branch, GitSha = sha }, Cancellation)).Id);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await agent.Deployments.UpdateStatusAsync(ids[2], DeploymentStatus.Failed, cancellationToken: Cancellation);

        async Task<IEnumerable<int>> Found(DeploymentQuery query) =>
            (await agent.Deployments.QueryAsync(query, Cancellation)).Select(d => ids.IndexOf(d.Id));

        Assert.Equal([3, 2, 1, 0], await Found(new DeploymentQuery()));
        Assert.Equal([3, 2], await Found(new DeploymentQuery { Limit = 2 }));
        Assert.Equal([3, 2, 0], await Found(new DeploymentQuery { Branch = "main" }));
        Assert.Equal([3, 1, 0], await Found(new DeploymentQuery { GitSha = "a" }));
        Assert.Equal([2], await Found(new DeploymentQuery { Status = DeploymentStatus.Failed }));
        Assert.Equal([3, 0], await Found(new DeploymentQuery { Branch = "main", Status = DeploymentStatus.Building }));
        Assert.Equal([3, 2], await Found(new DeploymentQuery { From = start.AddMinutes(2) }));
        Assert.Equal([1, 0], await Found(new DeploymentQuery { To = start.AddMinutes(2) }));
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_even_where_creation_times_are_equal()
    {
        await using var agent = new Agent(Database, new ManualTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)));
        var branch = NewId("branch");
        var created = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            // Random ids, so that their order is not that of their making.
            var deployment = new NewDeployment { Id = Guid.NewGuid(), GitSha = $"{i}", Branch = branch };
            created.Add((await agent.Deployments.CreateAsync(deployment, Cancellation)).Id);
        }

        var read = new List<Guid>();
        for (Deployment? last = null; ;)
        {
            var page = await agent.Deployments.QueryAsync(new DeploymentQuery { Branch = branch, After = last, Limit = 3 }, Cancellation);
            read.AddRange(page.Select(d => d.Id));
            if (page.Count < 3)
            {
                break;
            }

            last = page[^1];
        }

        Assert.Equal(created.OrderByDescending(id => id.ToString(), StringComparer.Ordinal), read);
    }
}
