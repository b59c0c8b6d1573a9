using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalConcurrencyTests(TestDatabases databases) : ApprovalTests(databases)
{
    private const int Many = 50;

    [Fact]
    public async Task Of_many_approvers_at_once_one_decides()
    {
        var approval = await NewApprovalAsync();

        var answers = await AtOnceAsync(Many, i => TryAsync(() => Approvals.ResolveAsync(
            approval.Id, i % 2 == 0 ? ApprovalDecision.Approve : ApprovalDecision.Reject, $"approver-{i}", $"{i}", Cancellation)));

        var won = Assert.Single(answers, a => a.Answer is not null).Answer!;
        Assert.Equal(won, await GetAsync(approval.Id));
        Assert.Equal($"{Array.FindIndex(answers, a => a.Answer is not null)}", won.Reason);
        Assert.All(answers.Where(a => a.Answer is null), a => Assert.Equal(
            (won.Status, won.DecidedBy),
            a.Refusal is ApprovalConflictException conflict ? (conflict.Status, conflict.DecidedBy) : default));
    }

    [Fact]
    public async Task One_approvers_many_calls_all_succeed()
    {
        var approval = await NewApprovalAsync();

        var answers = await AtOnceAsync(
            20, i => Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", $"{i}", Cancellation));

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Of_many_consumers_at_once_one_consumes_and_a_changed_action_never_does()
    {
        var approval = await NewApprovedAsync();

        var answers = await AtOnceAsync(
            2 * Many, i => TryAsync(() => Approvals.ConsumeAsync(approval.Id, i % 2 == 0 ? Refund : LargerRefund, Cancellation)));

        var won = Assert.Single(answers, a => a.Answer is not null).Answer!;
        Assert.Equal(won, await GetAsync(approval.Id));
        Assert.Equal(Many, answers.Count(a => a.Refusal is ApprovalActionMismatchException));
        Assert.Equal(Many - 1, answers.Count(a => a.Refusal is ApprovalConsumedException used && used.ConsumedAt == won.ConsumedAt));
    }

    [Fact]
    public async Task Of_many_transactions_that_consume_one_takes_effect_even_if_others_roll_back()
    {
        var approval = await NewApprovedAsync();
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS approved_effects (approval varchar(36))");

        var answers = await AtOnceAsync(Many, i => TryAsync(async () =>
        {
            await using var connection = await Database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = Agent.Database.Enlist(transaction);
            await enlisted.Approvals.ConsumeAsync(approval.Id, Refund, Cancellation);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, $"INSERT INTO approved_effects VALUES ('{approval.Id}')");
            await command.ExecuteNonQueryAsync(Cancellation);
            await (i % 3 == 0 ? transaction.CommitAsync(Cancellation) : transaction.RollbackAsync(Cancellation));
            return i % 3 == 0;
        }));

        Assert.Single(answers, a => a.Answer);
        Assert.All(answers.Where(a => a.Refusal is not null), a => Assert.IsType<ApprovalConsumedException>(a.Refusal));
        Assert.Equal(1, await Database.CountAsync($"approved_effects WHERE approval = '{approval.Id}'"));
    }

    [Fact]
    public async Task Whoever_consumes_while_others_supersede_one_of_them_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var approval = await NewApprovedAsync();
            var turn = round;

            var answers = await AtOnceAsync(10, i => TryAsync(() => (i + turn) % 2 == 0
                ? Approvals.ConsumeAsync(approval.Id, Refund, Cancellation)
                : Approvals.SupersedeAsync(approval.Id, Proposal, Cancellation)));

            var won = Assert.Single(answers, a => a.Answer is not null).Answer!;
            var now = await GetAsync(approval.Id);
            Assert.Equal(won.Id == approval.Id, now.ConsumedAt is not null);
            Assert.Equal(
                now.ConsumedAt is null ? (ApprovalStatus.Superseded, won.Id) : (ApprovalStatus.Approved, null),
                (now.Status, now.SupersededBy));
            Assert.All(answers.Where(a => a.Answer is null), a => Assert.True(
                now.ConsumedAt is not null
                    ? a.Refusal is ApprovalConsumedException
                    : a.Refusal is ApprovalNotApprovedException or ApprovalConflictException { Status: ApprovalStatus.Superseded }));
        }
    }

    [Fact]
    public async Task An_approval_that_expires_while_it_is_decided_is_decided_in_time_or_expired_and_then_stays_so()
    {
        for (var round = 0; round < 10; round++)
        {
            var approval = await NewApprovalAsync(Proposal with { TimeToLive = TimeSpan.FromMilliseconds(5 * round + 1) });

            var deciding = AtOnceAsync(8, i => TryAsync(
                () => Approvals.ResolveAsync(approval.Id, ApprovalDecision.Reject, $"approver-{i}", cancellationToken: Cancellation)));
            while (await Approvals.CheckAsync(approval.Id, Cancellation) == ApprovalStatus.Pending)
            {
                await Approvals.ExpireAsync(cancellationToken: Cancellation);
            }

            var answers = await deciding;
            var now = await GetAsync(approval.Id);
            var won = answers.Where(a => a.Answer is not null).ToList();
            Assert.Equal(now.Status == ApprovalStatus.Rejected ? 1 : 0, won.Count);

            // The clock is asked for the judgement, and then for the time of the decision.
            Assert.All(won, a => Assert.True(a.Answer!.DecidedAt <= approval.ExpiresAt + TimeSpan.FromMilliseconds(10)));
            Assert.All(answers.Where(a => a.Answer is null), a => Assert.Equal(
                (now.Status, now.DecidedBy), a.Refusal is ApprovalConflictException c ? (c.Status, c.DecidedBy) : default));
        }
    }

    [Fact]
    public async Task An_approval_that_many_ask_for_under_one_id_is_stored_once()
    {
        var asked = Proposal with { Id = Guid.CreateVersion7() };

        var answers = await AtOnceAsync(20, i => TryAsync(() => Approvals.CreateAsync(
            i % 4 == 0 ? asked with { Action = LargerRefund } : asked, Cancellation)));

        Assert.Single(answers.Where(a => a.Answer is not null).Select(a => a.Answer).Distinct());
        Assert.All(answers.Where(a => a.Answer is null), a => Assert.IsType<DuplicateApprovalException>(a.Refusal));
        Assert.True(answers.Count(a => a.Answer is null) is 5 or 15);
    }

    [Fact]
    public async Task Many_who_expire_at_once_expire_each_approval_once()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        for (var i = 0; i < 60; i++)
        {
            await agent.Approvals.CreateAsync(Proposal with { ExpiresAt = DateTimeOffset.UnixEpoch.AddSeconds(i) }, Cancellation);
        }

        var expired = await AtOnceAsync(8, async _ =>
        {
            var sum = 0;
            for (int count; (count = await agent.Approvals.ExpireAsync(7, Cancellation)) > 0;)
            {
                sum += count;
            }

            return sum;
        });

        Assert.Equal(60, expired.Sum());
    }
}
