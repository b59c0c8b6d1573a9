using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalQueryTests(TestDatabases databases) : ApprovalTests(databases)
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task What_waits_for_a_decision_is_listed_the_longest_waiting_first()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, _time);
        var pending = new List<Approval>();
        for (var i = 0; i < 3; i++)
        {
            pending.Add(await agent.Approvals.CreateAsync(Proposal, Cancellation));
            var decided = await agent.Approvals.CreateAsync(Proposal, Cancellation);
            await agent.Approvals.ResolveAsync(decided.Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);
            await agent.Approvals.CreateAsync(Proposal with { TimeToLive = TimeSpan.FromSeconds(1) }, Cancellation);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(pending, await agent.Approvals.QueryAsync(new ApprovalQuery(), Cancellation));
        Assert.Equal([pending[0]], await agent.Approvals.QueryAsync(new ApprovalQuery { Limit = 1 }, Cancellation));
        Assert.Equal([pending[2]], await agent.Approvals.QueryAsync(new ApprovalQuery { Limit = 1, NewestFirst = true }, Cancellation));
    }

    [Fact]
    public async Task Approvals_are_found_by_status_thread_job_and_time()
    {
        await using var agent = new Agent(Database, _time);
        var (thread, job) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            var asked = Proposal with { ThreadId = thread, JobId = i % 2 == 0 ? job : null };
            ids.Add((await agent.Approvals.CreateAsync(
                asked with { TimeToLive = TimeSpan.FromHours(i < 3 ? 1 : 9) }, Cancellation)).Id);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await agent.Approvals.CreateAsync(Proposal, Cancellation);
        await ApproveAsync(agent, ids[0]);
        await agent.Approvals.ConsumeAsync(ids[0], Refund, Cancellation);
        await ApproveAsync(agent, ids[1]);
        await ApproveAsync(agent, ids[3]);
        await agent.Approvals.ResolveAsync(ids[4], ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);
        ids.Add((await agent.Approvals.SupersedeAsync(ids[5], Proposal, Cancellation)).Id);
        _time.Advance(TimeSpan.FromHours(2));

        async Task<IEnumerable<int>> Found(ApprovalQuery query) =>
            (await agent.Approvals.QueryAsync(query with { ThreadId = thread }, Cancellation)).Select(a => ids.IndexOf(a.Id));

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], await Found(new() { Status = null }));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1, 0], await Found(new() { Status = null, NewestFirst = true }));
        Assert.Equal([6, 7], await Found(new()));
        Assert.Equal([0, 3], await Found(new() { Status = ApprovalStatus.Approved }));
        Assert.Equal([4], await Found(new() { Status = ApprovalStatus.Rejected }));
        Assert.Equal([5], await Found(new() { Status = ApprovalStatus.Superseded }));
        Assert.Equal([1, 2], await Found(new() { Status = ApprovalStatus.Expired }));
        Assert.Equal([0, 2, 4, 6], await Found(new() { Status = null, JobId = job }));
        Assert.Equal([6, 7], await Found(new() { Status = null, From = new DateTimeOffset(2026, 4, 1, 0, 6, 0, TimeSpan.Zero) }));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(2_500, false)]
    [InlineData(2_500, true)]
    public async Task Few_approvals_past_their_expiry_and_many_are_paged_alike(int count, bool newestFirst)
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, _time);
        var expired = new List<Guid>();
        await using (var transaction = await agent.Database.BeginTransactionAsync(Cancellation))
        {
            for (var i = 0; i < count; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(i % 3));
                await transaction.Approvals.CreateAsync(Proposal, Cancellation);
                expired.Add((await transaction.Approvals.CreateAsync(
                    Proposal with { TimeToLive = TimeSpan.FromMinutes(1 + (i % 7)) }, Cancellation)).Id);
            }

            await transaction.CommitAsync(Cancellation);
        }

        _time.Advance(TimeSpan.FromHours(1));
        await agent.Approvals.ExpireAsync(10, Cancellation);
        var all = await agent.Approvals.QueryAsync(new() { Status = null, NewestFirst = newestFirst, Limit = 10_000 }, Cancellation);
        var query = new ApprovalQuery { Status = ApprovalStatus.Expired, NewestFirst = newestFirst, Limit = 40 };
        var first = await agent.Approvals.QueryAsync(query, Cancellation);
        var second = await agent.Approvals.QueryAsync(query with { After = first[^1] }, Cancellation);
        var whole = await agent.Approvals.QueryAsync(query with { Limit = 10_000 }, Cancellation);

        Assert.Equal(expired.Order(), whole.Select(a => a.Id).Order());
        Assert.Equal(all.Where(a => a.Status == ApprovalStatus.Expired), whole);
        Assert.Equal(whole.Take(80), first.Concat(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_meet_without_a_gap_even_where_creation_times_are_equal(bool newestFirst)
    {
        await using var agent = new Agent(Database, _time);
        var thread = Guid.CreateVersion7();
        var created = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            created.Add((await agent.Approvals.CreateAsync(Proposal with { Id = Guid.NewGuid(), ThreadId = thread }, Cancellation)).Id);
        }

        var read = new List<Guid>();
        for (Approval? last = null; ;)
        {
            var page = await agent.Approvals.QueryAsync(
                new ApprovalQuery { ThreadId = thread, NewestFirst = newestFirst, After = last, Limit = 3 }, Cancellation);
            read.AddRange(page.Select(a => a.Id));
            if (page.Count < 3)
            {
                break;
            }

            last = page[^1];
        }

        var inOrder = created.OrderBy(id => id.ToString(), StringComparer.Ordinal);
        Assert.Equal(newestFirst ? inOrder.Reverse() : inOrder, read);
    }

    [Fact]
    public async Task A_query_checks_its_limit_and_status()
    {
        var limit = await Assert.ThrowsAnyAsync<ArgumentException>(() => Approvals.QueryAsync(new() { Limit = 0 }, Cancellation));
        var status = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Approvals.QueryAsync(new() { Status = (ApprovalStatus)9 }, Cancellation));

        Assert.Equal((nameof(ApprovalQuery.Limit), nameof(ApprovalQuery.Status)), (limit.ParamName, status.ParamName));
    }

    private static Task<Approval> ApproveAsync(Agent agent, Guid id) =>
        agent.Approvals.ResolveAsync(id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
}
