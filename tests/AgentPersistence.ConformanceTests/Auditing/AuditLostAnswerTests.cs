using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>Connections that break after the server has committed and before it has answered, and just before it commits.</summary>
public sealed class AuditLostAnswerTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TestDatabase _database = null!;
    private TcpCutProxy _proxy = null!;
    private Agent _agent = null!;
    private Agent _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IAuditLogger Audit => _agent.Audit;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _proxy = TcpCutProxy.Start(_database.ConnectionString);
        _agent = new Agent(DatabaseKind.PostgreSql, _proxy.ConnectionString);
        _other = new Agent(_database);

        // From here on the agent knows the head, and one statement appends.
        await Audit.LogAsync(new AuditEntry(), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _other.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_append_in_one_statement_is_reported_as_the_success_it_was(bool keyed)
    {
        var lost = _proxy.LoseNextAnswerTo("ghost");

        var receipt = await Audit.LogAsync(new AuditEntry { RunId = "ghost", IdempotencyKey = keyed ? "key" : null }, Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.False(receipt.AlreadyLogged);
        await AssertStoredAsync(receipt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_append_behind_another_hosts_is_reported_as_the_success_it_was(bool keyed)
    {
        await _other.Audit.LogAsync(new AuditEntry(), Cancellation);
        var lost = _proxy.LoseNextAnswerToCommit();

        var receipt = await Audit.LogAsync(new AuditEntry { RunId = "ghost", IdempotencyKey = keyed ? "key" : null }, Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.False(receipt.AlreadyLogged);
        await AssertStoredAsync(receipt);
    }

    [Fact]
    public async Task An_append_that_is_lost_again_while_it_is_looked_for_is_reported_as_the_success_it_was()
    {
        var first = _proxy.LoseNextAnswerTo("ghost");
        var second = _proxy.LoseNextAnswerToCommit();

        var receipt = await Audit.LogAsync(new AuditEntry { RunId = "ghost" }, Cancellation);

        await Task.WhenAll(first, second).WaitAsync(Patience, Cancellation);
        Assert.False(receipt.AlreadyLogged);
        await AssertStoredAsync(receipt);
    }

    [Theory]
    [InlineData("ghost", false)]
    [InlineData("ghost", true)]
    [InlineData("COMMIT\0", true)]
    public async Task An_append_that_never_reached_the_server_is_stored_by_the_next_attempt(string request, bool isBehindAnother)
    {
        if (isBehindAnother)
        {
            await _other.Audit.LogAsync(new AuditEntry(), Cancellation);
        }

        var lost = _proxy.LoseNextRequestWith(request);

        var receipt = await Audit.LogAsync(new AuditEntry { RunId = "ghost" }, Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.False(receipt.AlreadyLogged);
        await AssertStoredAsync(receipt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_entries_of_which_one_is_a_duplicate_are_all_there_once(bool isBehindAnother)
    {
        var known = await _other.Audit.LogAsync(new AuditEntry { IdempotencyKey = "known" }, Cancellation);
        if (!isBehindAnother)
        {
            await Audit.LogAsync(new AuditEntry(), Cancellation);
        }

        // A duplicate is found with the head locked, whichever way it was tried first.
        var lost = _proxy.LoseNextAnswerToCommit();
        var receipts = await Audit.LogAsync(
            [.. Enumerable.Range(0, 20).Select(i => new AuditEntry { RunId = "ghost", IdempotencyKey = i == 7 ? "known" : $"key-{i}" })], Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.Equal(known with { AlreadyLogged = true }, receipts[7]);
        await AssertStoredAsync([.. receipts.Where(r => !r.AlreadyLogged)]);
    }

    [Fact]
    public async Task Many_entries_in_one_statement_are_all_there_once()
    {
        var lost = _proxy.LoseNextAnswerTo("ghost");

        var receipts = await Audit.LogAsync([.. Enumerable.Range(0, 20).Select(_ => new AuditEntry { RunId = "ghost" })], Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long?)i), receipts.Select(r => r.Sequence));
        await AssertStoredAsync([.. receipts]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_completion_is_reported_as_the_success_it_was(bool isBehindAnother)
    {
        var pending = await Audit.LogAsync(new AuditEntry { RunId = "ghost", Status = AuditStatus.Pending }, Cancellation);
        if (isBehindAnother)
        {
            await _other.Audit.LogAsync(new AuditEntry(), Cancellation);
        }

        var lost = isBehindAnother ? _proxy.LoseNextAnswerToCommit() : _proxy.LoseNextAnswerTo("the outcome");
        var completed = await Audit.CompleteAsync(pending.Id, new AuditOutcome(AuditStatus.Failure, ErrorMessage: "the outcome"), Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        var record = (await _other.Audit.FindAsync(pending.Id, Cancellation))!;
        Assert.Equal((AuditStatus.Failure, "the outcome"), (record.Status, record.ErrorMessage));
        var log = await StoredAuditLog.ReadIntactAsync(_database);
        Assert.Equal(completed.Sequence, Assert.Single(log.Rows, r => r.PreviousId == pending.Id).Sequence);
    }

    [Fact]
    public async Task One_lost_answer_of_a_shared_commit_is_nobodys_failure()
    {
        var lost = _proxy.LoseNextAnswerTo("ghost-77");

        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Audit.LogAsync(new AuditEntry { RunId = $"ghost-{i}" }, Cancellation)));

        await lost.WaitAsync(Patience, Cancellation);
        await AssertStoredAsync(receipts);
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_for_good_is_in_doubt()
    {
        var way = TcpCutProxy.Start(_database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, way.ConnectionString, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await agent.Audit.LogAsync(new AuditEntry(), Cancellation);
        var lost = way.LoseNextAnswerTo("ghost");

        var log = agent.Audit.LogAsync(new AuditEntry { RunId = "ghost" }, Cancellation);
        await lost.WaitAsync(Patience, Cancellation);
        await way.DisposeAsync();

        // The answer may have been found before the way was closed; only then there is a receipt.
        var error = await Record.ExceptionAsync(() => log.WaitAsync(Patience, Cancellation));
        Assert.True(error is null or WriteInDoubtException, $"{error}");
        var nothing = await Assert.ThrowsAsync<AgentPersistenceException>(() => agent.Audit.LogAsync(new AuditEntry { RunId = "late" }, Cancellation));
        Assert.Contains("nothing was stored", nothing.Message, StringComparison.Ordinal);
        Assert.Single((await StoredAuditLog.ReadIntactAsync(_database)).Rows, r => r.RunId is "ghost" or "late");
    }

    [Fact]
    public async Task Connections_that_break_at_any_moment_lose_and_double_nothing()
    {
        var calls = 0;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var mine = new List<AuditReceipt>();
            for (var i = 0; i < 25; i++)
            {
                mine.Add(await (writer == 0 ? _other : _agent).Audit.LogAsync(new AuditEntry { RunId = $"ghost-{writer}-{i}" }, Cancellation));
                await _agent.Audit.QueryAsync(new AuditQuery { Limit = 1 }, Cancellation);
                if (Interlocked.Increment(ref calls) % 5 == 0)
                {
                    // The other seven are somewhere in the middle of theirs.
                    _proxy.CutAll();
                }
            }

            return mine;
        })));

        Assert.InRange(_proxy.Cuts, 40, int.MaxValue);
        await AssertStoredAsync([.. receipts.SelectMany(r => r)]);
    }

    private async Task AssertStoredAsync(params AuditReceipt[] receipts)
    {
        var ghosts = (await StoredAuditLog.ReadIntactAsync(_database)).Rows.Where(r => r.RunId?.StartsWith("ghost", StringComparison.Ordinal) == true);
        Assert.Equal(
            receipts.Select(r => (r.Id, r.Sequence!.Value)).OrderBy(r => r.Value),
            ghosts.Select(r => (r.Id, r.Sequence)));
    }
}
