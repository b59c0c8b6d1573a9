using AgentPersistence.Auditing;
using Moq;

namespace AgentPersistence.Tests.Auditing;

public class AuditLoggerExtensionsTests
{
    private readonly Mock<IAuditLogger> _audit = new(MockBehavior.Strict);
    private readonly List<AuditQuery> _asked = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_users_last_ten_come_newest_first()
    {
        Answer(_ => [new() { Sequence = 7 }]);

        Assert.Single(await _audit.Object.GetByUserAsync("u1", cancellationToken: Cancellation));

        Assert.Equal([new AuditQuery { UserId = "u1", Limit = 10 }], _asked);
    }

    [Fact]
    public async Task A_session_is_read_to_its_end()
    {
        Answer(query => Records(from: (query.AfterSequence ?? 0) + 1, through: 25_000, query.Limit));

        var trail = await _audit.Object.GetBySessionAsync("s1", Cancellation);

        Assert.Equal(Enumerable.Range(1, 25_000).Select(i => (long)i), trail.Select(record => record.Sequence));
        Assert.Equal([null, 10_000, 20_000], _asked.Select(query => query.AfterSequence));
        Assert.All(_asked, query => Assert.True(query.OldestFirst && query.SessionId == "s1" && query.RunId is null));
    }

    [Fact]
    public async Task A_run_that_fills_its_last_page_is_read_to_its_end()
    {
        Answer(query => Records(from: (query.AfterSequence ?? 0) + 1, through: 10_000, query.Limit));

        Assert.Equal(10_000, (await _audit.Object.GetByRunAsync("r1", Cancellation)).Count);

        Assert.All(_asked, query => Assert.Equal("r1", query.RunId));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_on_is_not_cut_silently()
    {
        Answer(query => [.. Enumerable.Repeat(new AuditRecord(), query.Limit)]);

        await Assert.ThrowsAsync<AgentPersistenceException>(() => _audit.Object.GetBySessionAsync("s1", Cancellation));
    }

    [Fact]
    public async Task Blank_ids_and_bad_limits_ask_nothing()
    {
        Answer(_ => []);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => _audit.Object.GetByUserAsync(null!, cancellationToken: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _audit.Object.GetByUserAsync("u1", 0, Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _audit.Object.GetBySessionAsync(" ", Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _audit.Object.GetByRunAsync("", Cancellation));

        Assert.Empty(_asked);
    }

    private void Answer(Func<AuditQuery, List<AuditRecord>> page) =>
        _audit.Setup(audit => audit.QueryAsync(Capture.In(_asked), Cancellation))
            .ReturnsAsync((AuditQuery query, CancellationToken _) => page(query));

    private static List<AuditRecord> Records(long from, long through, int limit) =>
        [.. Enumerable.Range(0, (int)Math.Min(limit, through - from + 1)).Select(i => new AuditRecord { Sequence = from + i })];
}
