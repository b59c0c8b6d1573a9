using System.Text;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.Deployments;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class DeploymentLostAnswerTests(TestDatabases databases) : DeploymentTests(databases)
{
    private readonly string _marker = NewId("marker");

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_this_calls_own()
    {
        var lost = Proxy.LoseNextAnswerTo(_marker);

        var created = await BehindProxy.Deployments.CreateAsync(new NewDeployment { GitSha = "a", Branch = _marker }, Cancellation);

        await lost;
        Assert.False(created.AlreadyStored);
        Assert.Equal(created, Assert.Single(await Deployments.QueryAsync(new DeploymentQuery { Branch = _marker }, Cancellation)));
    }

    [Fact]
    public async Task A_move_whose_answer_was_lost_is_the_success_it_was()
    {
        var deployment = await NewAsync();
        var lost = Proxy.LoseNextAnswerTo(_marker);

        var moved = await BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation);

        await lost;
        Assert.Equal((DeploymentStatus.Testing, false), (moved.Status, moved.AlreadyStored));
        Assert.Equal(moved, await Deployments.FindAsync(deployment.Id, Cancellation));
    }

    [Fact]
    public async Task A_move_that_never_reached_the_server_is_repeated()
    {
        var deployment = await NewAsync();
        var lost = Proxy.LoseNextRequestWith(_marker);

        var moved = await BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation);

        await lost;
        Assert.Equal((DeploymentStatus.Testing, false), (moved.Status, moved.AlreadyStored));
    }

    [Fact]
    public async Task A_move_after_whose_lost_answer_another_only_reported_is_still_this_calls_own()
    {
        var deployment = await NewAsync();
        MeanwhileOnceLost(deployment.Id, () => Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, "other", Cancellation));

        var moved = await BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation);

        Assert.Equal(("other", false), (moved.ReportText, moved.AlreadyStored));
    }

    [Fact]
    public async Task A_move_after_whose_lost_answer_another_has_moved_on_is_in_doubt_and_never_called_a_refusal()
    {
        var deployment = await NewAsync();
        MeanwhileOnceLost(deployment.Id, () => Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Failed, "no", Cancellation));

        var doubt = await Assert.ThrowsAsync<WriteInDoubtException>(
            () => BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation));

        Assert.Equal(("deployment", $"{deployment.Id}"), (doubt.Kind, doubt.Key));
        Assert.Equal((DeploymentStatus.Failed, "no"), await StatusAsync(deployment.Id));
    }

    [Fact]
    public async Task A_move_whose_lost_attempt_is_stored_while_its_repetition_waits_is_still_this_calls_own()
    {
        var deployment = await NewAsync();
        Task<Deployment> move;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Building, "held", Cancellation);
            move = BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
            Proxy.CutAll();
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
            Assert.False(move.IsCompleted);
            await transaction.CommitAsync(Cancellation);
        }

        var moved = await move;

        Assert.Equal((DeploymentStatus.Testing, _marker, false), (moved.Status, moved.ReportText, moved.AlreadyStored));
        Assert.Equal(moved, await Deployments.FindAsync(deployment.Id, Cancellation));
    }

    [Fact]
    public async Task A_report_whose_answer_was_lost_is_stored()
    {
        var deployment = await NewAsync();
        var lost = Proxy.LoseNextAnswer(request => Holds(request, _marker) && IsReport(request));

        var reported = await BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Building, _marker, Cancellation);

        await lost;
        Assert.Equal((_marker, true), (reported.ReportText, reported.AlreadyStored));
        Assert.Equal((DeploymentStatus.Building, _marker), await StatusAsync(deployment.Id));
    }

    [Fact]
    public async Task A_report_after_whose_lost_answer_another_has_moved_on_is_in_doubt_and_never_called_a_refusal()
    {
        var deployment = await NewAsync(DeploymentStatus.Testing);
        MeanwhileOnceLost(
            deployment.Id,
            () => Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Failed, cancellationToken: Cancellation),
            isReport: true);

        await Assert.ThrowsAsync<WriteInDoubtException>(
            () => BehindProxy.Deployments.UpdateStatusAsync(deployment.Id, DeploymentStatus.Testing, _marker, Cancellation));

        Assert.Equal((DeploymentStatus.Failed, _marker), await StatusAsync(deployment.Id));
    }

    private async Task<(DeploymentStatus, string?)> StatusAsync(Guid id) =>
        await Deployments.FindAsync(id, Cancellation) is { } found ? (found.Status, found.ReportText) : default;

    /// <summary>Loses the answer to the marked write, and lets another act before the next request passes.</summary>
    private void MeanwhileOnceLost(Guid id, Func<Task> act, bool isReport = false)
    {
        var key = id.ToByteArray(bigEndian: true);
        var isLost = false;
        _ = Proxy.LoseNextAnswer(
            request => !isLost && Holds(request, _marker) && IsReport(request) == isReport && (isLost = true));

        // Never matches: it only makes the request wait.
        _ = Proxy.LoseNextRequest(request =>
        {
            if (isLost && request.Span.IndexOf(key) >= 0)
            {
                Task.Run(act).GetAwaiter().GetResult();
                act = () => Task.CompletedTask;
            }

            return false;
        });
    }

    private static bool IsReport(ReadOnlyMemory<byte> request) => Holds(request, "SET report_text");

    private static bool Holds(ReadOnlyMemory<byte> request, string text) => request.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
