using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

/// <summary>Callers who call again as soon as they are answered.</summary>
internal static class ReturningCallers
{
    /// <summary>How many commits it takes to serve them: the first caller alone, the others while that one is committed.</summary>
    public static async Task<int> CountCommitsAsync(int callers, int calls, bool keepsThread)
    {
        var commits = new FakeCommits();
        await using var group = new GroupCommit<int>(commits.CommitAsync, keepsThread);
        async Task CallAgainAndAgainAsync(int caller)
        {
            for (var call = 0; call < calls; call++)
            {
                await group.CommitAsync(caller, 1, 1, TestContext.Current.CancellationToken);
            }
        }

        var gate = commits.Hold();
        var first = CallAgainAndAgainAsync(0);
        await commits.WaitUntilHeldAsync();
        var others = Enumerable.Range(1, callers - 1).Select(CallAgainAndAgainAsync).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. others]);
        return commits.Done.Count;
    }
}
