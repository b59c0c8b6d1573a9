using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;
using AgentPersistence.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Connections that break, answers that are lost: what a session store and a transaction make of it.</summary>
public sealed class ConnectionFaultTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private static readonly JsonElement State = JsonElement.Parse("1");

    private TestDatabase _database = null!;
    private TcpCutProxy _proxy = null!;
    private Agent _agent = null!;
    private Agent _stranger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _proxy = TcpCutProxy.Start(_database.ConnectionString);
        _agent = new Agent(DatabaseKind.PostgreSql, _proxy.ConnectionString);
        _stranger = new Agent(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _stranger.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_the_success_it_was()
    {
        var lost = _proxy.LoseNextAnswerTo("created");

        var created = await _agent.Sessions.CreateAsync(new NewSession { Id = "created" }, Cancellation);

        await lost;
        Assert.Equal(1, created.Version);
        Assert.Equal(1, await _database.CountAsync("agent_sessions"));
    }

    [Fact]
    public async Task A_transaction_begins_although_every_pooled_connection_has_died()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "before" }, Cancellation);
        _proxy.CutAll();

        await using var transaction = await _agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Sessions.CreateAsync(new NewSession { Id = "after" }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.NotNull(await _stranger.Sessions.FindAsync("after", Cancellation));
    }

    [Fact]
    public async Task A_save_whose_answer_was_lost_is_the_success_it_was_and_counts_once()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "saved" }, Cancellation);
        var lost = _proxy.LoseNextAnswerTo("saved");

        var saved = await _agent.Sessions.SaveStateAsync("saved", new SessionUpdate { State = State, ExpectedVersion = 1 }, Cancellation);

        await lost;
        Assert.Equal(2, saved.Version);
        Assert.Equal(saved, await _agent.Sessions.FindAsync("saved", Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public async Task A_save_whose_connection_broke_while_it_waited_for_the_row_counts_once(long? expectedVersion)
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "waited" }, Cancellation);

        var saved = await _proxy.CutWhileWaitingAsync(
            _database,
            "agent_sessions WHERE id = 'waited'",
            () => _agent.Sessions.SaveStateAsync("waited", new SessionUpdate { State = State, ExpectedVersion = expectedVersion }, Cancellation));

        Assert.Equal(2, saved.Version);
        Assert.Equal(saved, await _stranger.Sessions.FindAsync("waited", Cancellation));
    }

    [Fact]
    public async Task An_end_whose_answer_was_lost_is_the_success_it_was_and_counts_once()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "ended" }, Cancellation);
        var lost = _proxy.LoseNextAnswerTo("ended");

        var ended = await _agent.Sessions.EndAsync("ended", cancellationToken: Cancellation);

        await lost;
        Assert.Equal((SessionStatus.Completed, 2L), (ended.Status, ended.Version));
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_the_success_it_was()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "deleted" }, Cancellation);
        var lost = _proxy.LoseNextAnswerTo("deleted");

        Assert.True(await _agent.Sessions.DeleteAsync("deleted", Cancellation));

        await lost;
        Assert.Equal(0, await _database.CountAsync("agent_sessions"));
    }

    [Fact]
    public async Task A_save_that_may_lie_below_a_strangers_is_in_doubt_and_no_conflict()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "shared" }, Cancellation);
        LoseAnswerThenSaveBeforeTheRepetition("shared");

        var doubt = await Assert.ThrowsAsync<WriteInDoubtException>(
            () => _agent.Sessions.SaveStateAsync("shared", new SessionUpdate { State = State, ExpectedVersion = 1 }, Cancellation));

        Assert.Equal(("session", "shared"), (doubt.Kind, doubt.Key));
    }

    [Fact]
    public async Task A_creation_that_may_lie_below_a_strangers_save_is_in_doubt_and_no_duplicate()
    {
        LoseAnswerThenSaveBeforeTheRepetition("new");

        await Assert.ThrowsAsync<WriteInDoubtException>(() => _agent.Sessions.CreateAsync(new NewSession { Id = "new" }, Cancellation));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_in_doubt()
    {
        var lost = _proxy.LoseNextAnswerToCommit();
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = "committed" }, Cancellation);
            await Assert.ThrowsAsync<WriteInDoubtException>(() => transaction.CommitAsync(Cancellation));
            await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync(Cancellation));
        }

        await lost;
        Assert.NotNull(await _agent.Sessions.FindAsync("committed", Cancellation));
    }

    [Fact]
    public async Task A_call_cancelled_in_a_transaction_leaves_nothing_to_commit()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "held" }, Cancellation);
        await using var holder = await _stranger.Database.BeginTransactionAsync(Cancellation);
        await holder.Sessions.EndAsync("held", cancellationToken: Cancellation);
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = "lost" }, Cancellation);
            using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => transaction.Sessions.EndAsync("held", cancellationToken: soon.Token));
            await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync(Cancellation));
        }

        Assert.Null(await _agent.Sessions.FindAsync("lost", Cancellation));
    }

    [Fact]
    public async Task A_query_of_EF_Core_on_a_connection_that_has_broken_is_repeated()
    {
        var executor = _agent.Get<OwnConnectionExecutor>();
        Task<int> CountAsync() => executor.ReadAsync((unit, ct) => unit.Context.Sessions.CountAsync(ct), Cancellation);
        Assert.Equal(0, await CountAsync());
        var lost = _proxy.LoseNextAnswer(_ => true);

        Assert.Equal(0, await CountAsync());

        await lost;
    }

    [Fact]
    public async Task A_statement_that_waits_for_a_strangers_lock_keeps_the_time_limit_and_points_to_Enlist()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "held" }, Cancellation);
        await using var holder = await _stranger.Database.BeginTransactionAsync(Cancellation);
        await holder.Sessions.EndAsync("held", cancellationToken: Cancellation);
        await using var hasty = new Agent(_database, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        var started = TimeProvider.System.GetTimestamp();

        var failure = await Assert.ThrowsAnyAsync<AgentPersistenceException>(
            () => hasty.Sessions.SaveStateAsync("held", new SessionUpdate { State = State }, Cancellation));

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
        Assert.Contains(nameof(IAgentDatabase.Enlist), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_waits_for_another_hosts_however_long_that_takes()
    {
        await using var empty = await databases.CreateEmptyAsync();
        await using var agent = new Agent(empty, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await using var connection = await empty.OpenAsync();
        await using var other = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_xact_lock(x'6167656e745f7065'::bigint)";
        await command.ExecuteNonQueryAsync(Cancellation);

        var migration = agent.Database.MigrateAsync(Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        Assert.False(migration.IsCompleted);
        await other.CommitAsync(Cancellation);
        await migration;

        Assert.Empty(await agent.Database.GetPendingMigrationsAsync(Cancellation));
    }

    [Fact]
    public async Task Statements_are_prepared_once_they_repeat()
    {
        for (var i = 0; i < 10; i++)
        {
            await _agent.Sessions.FindAsync("any", Cancellation);
        }

        await using var unit = await _agent.Get<DatabaseConnections>().OpenAsync(WorkKind.Read, isRepeat: false, Cancellation);
        await using var command = unit.Connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pg_prepared_statements";
        Assert.NotEqual(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    /// <summary>The answer to the next request that names the session is lost; before the one after that a stranger saves it.</summary>
    private void LoseAnswerThenSaveBeforeTheRepetition(string id)
    {
        _ = _proxy.LoseNextAnswerTo(id);
        var wanted = System.Text.Encoding.UTF8.GetBytes(id);
        var done = false;
        _ = _proxy.LoseNextAnswer(request =>
        {
            if (!done && request.Span.IndexOf(wanted) >= 0)
            {
                done = true;
                Task.Run(() => _stranger.Sessions.SaveStateAsync(id, new SessionUpdate { State = State }, Cancellation), Cancellation)
                    .Wait(Cancellation);
            }

            return false;
        });
    }
}
