using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

public abstract class AuditStatusTests(TestDatabases databases) : OwnAuditLogTests(databases)
{
    private const int Actions = 24;

    /// <summary>The orders in which actions are completed: as they began, the other way round, and mixed.</summary>
    public static TheoryData<int> Strides => [1, Actions - 1, 7];

    [Theory]
    [MemberData(nameof(Strides))]
    public async Task Actions_in_a_status_come_in_the_order_in_which_they_began_whatever_was_completed_first(int stride)
    {
        var begun = await Audit.LogAsync(
            [.. Enumerable.Range(0, Actions).Select(i => new AuditEntry { Action = $"{i}", Status = AuditStatus.Pending })], Cancellation);
        for (var i = 0; i < Actions; i++)
        {
            // Some are completed, some stay open, and between them others come that were never open.
            var number = i * stride % Actions;
            if (number % 4 != 0)
            {
                await Audit.CompleteAsync(begun[number].Id, new AuditOutcome(AuditStatus.Failure), Cancellation);
            }

            if (i % 6 == 0)
            {
                await Audit.LogAsync(new AuditEntry { Status = AuditStatus.Failure }, Cancellation);
            }
        }

        var all = await Audit.QueryAsync(new AuditQuery { Limit = 1_000 }, Cancellation);
        foreach (var status in (AuditStatus[])[AuditStatus.Failure, AuditStatus.Pending, AuditStatus.RolledBack])
        {
            var expected = all.Where(r => r.Status == status).Select(r => r.Id).ToList();
            for (var limit = 1; limit <= expected.Count + 1; limit++)
            {
                var page = await Audit.QueryAsync(new AuditQuery { Status = status, Limit = limit }, Cancellation);
                Assert.Equal(expected.Take(limit), page.Select(r => r.Id));
            }
        }

        Assert.Equal((22, 6), (all.Count(r => r.Status == AuditStatus.Failure), all.Count(r => r.Status == AuditStatus.Pending)));
    }
}
