using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using AgentPersistence.Idempotency;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>What one use of a pooled connection leaves to the next: nothing, although no statement resets it in between.</summary>
public sealed class PostgreSqlPooledConnectionTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private static readonly SqlStatement OfSession = new(
        """
        SELECT
            (SELECT string_agg(name || '=' || setting, ' ') FROM pg_settings WHERE source = 'session'),
            (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
            (SELECT count(*) FROM pg_listening_channels()),
            (SELECT count(*) FROM pg_cursors WHERE is_holdable),
            (SELECT count(*) FROM pg_class WHERE relpersistence = 't'),
            CAST(pg_backend_pid() AS bigint)
        """,
        TakesNow: false);

    private TestDatabase _database = null!;
    private Agent _agent = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _agent = new Agent(DatabaseKind.PostgreSql, $"{_database.ConnectionString};Maximum Pool Size=1;Pooling=true");
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task No_feature_leaves_anything_in_its_session()
    {
        var before = await ReadSessionAsync();

        await UseAsync();

        Assert.Equal(before, await ReadSessionAsync());
        Assert.StartsWith(" 0 0 0 0 ", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_prepared_on_one_connection_is_prepared_anew_on_the_next()
    {
        await using var agent = new Agent(DatabaseKind.PostgreSql, $"{_database.ConnectionString};Maximum Pool Size=4;Pooling=true");
        var held = new List<IAgentTransaction>();
        for (var connections = 0; connections < 3; connections++)
        {
            // More often than the driver waits for before it prepares a statement, and with one row and with two.
            for (var i = 0; i < 8; i++)
            {
                await agent.Audit.LogAsync(new AuditEntry { EventType = "one" }, Cancellation);
                await agent.Audit.LogAsync([new AuditEntry { EventType = "two" }, new AuditEntry { EventType = "two" }], Cancellation);
                await agent.Idempotency.BeginAsync(new IdempotencyRequest { Key = $"{connections}.{i}" }, Cancellation);
            }

            // Keeps the connection that was used, so that the next round has another.
            held.Add(await agent.Database.BeginTransactionAsync(Cancellation));
        }

        foreach (var transaction in held)
        {
            await transaction.DisposeAsync();
        }

        Assert.Equal(3 * 8 * 3, await _database.CountAsync("agent_audit_log"));
        Assert.Equal(3 * 8, await _database.CountAsync("agent_idempotency_cache"));
    }

    [Fact]
    public async Task A_transaction_that_failed_is_rolled_back_before_its_connection_is_used_again()
    {
        await _agent.Sessions.CreateAsync(new NewSession { Id = "taken" }, Cancellation);
        var before = await ReadSessionAsync();

        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = "rolled back" }, Cancellation);
            await transaction.Audit.LogAsync(new AuditEntry { Action = "rolled back" }, Cancellation);
        }

        await Assert.ThrowsAsync<DivideByZeroException>(() => _agent.Get<OwnConnectionExecutor>().TransactAsync<bool>(
            async (unit, ct) =>
            {
                var broken = new SqlStatement("SELECT set_config('lock_timeout', '1ms', true), 1 / 0", TakesNow: false);
                await Record.ExceptionAsync(() => unit.Command(broken).ExecuteAsync(ct));
                throw new DivideByZeroException();
            },
            Cancellation));

        Assert.Equal(before, await ReadSessionAsync());
        Assert.Null(await _agent.Sessions.FindAsync("rolled back", Cancellation));
        Assert.Equal(0, await _database.CountAsync("agent_audit_staged"));
    }

    [Fact]
    public async Task A_statement_that_has_lost_its_place_among_the_prepared_is_prepared_again()
    {
        await using var agent = new Agent(
            DatabaseKind.PostgreSql, $"{_database.ConnectionString};Maximum Pool Size=1;Pooling=true;Max Auto Prepare=1");
        var prepared = new SqlStatement("SELECT string_agg(statement, '') FROM pg_prepared_statements", TakesNow: false);
        var (one, other) = (new SqlStatement("SELECT 1, @number", TakesNow: false), new SqlStatement("SELECT 2, @number", TakesNow: false));

        // There is one place, for the one that is used.
        foreach (var used in (SqlStatement[])[one, other, one])
        {
            for (var i = 0; i < 8; i++)
            {
                await agent.Get<OwnConnectionExecutor>().ReadAsync(
                    (unit, ct) => unit.Command(used).Number("number", 1).ReadFirstAsync(row => row.Number(0), ct), Cancellation);
            }

            Assert.Equal(used.Numbered[0].Text, await agent.Get<OwnConnectionExecutor>().ReadAsync(
                (unit, ct) => unit.Command(prepared).ReadFirstAsync(row => row.Text(0), ct), Cancellation));
        }
    }

    [Fact]
    public async Task A_statement_that_is_used_again_has_no_value_of_its_last_use()
    {
        var statement = new SqlStatement("SELECT @kept", TakesNow: false);
        Task<string?> SelectAsync(Func<StoreCommand, StoreCommand> give) => _agent.Get<OwnConnectionExecutor>().ReadAsync(
            (unit, ct) => give(unit.Command(statement)).ReadFirstAsync(row => row.TextOrNull(0), ct), Cancellation);

        Assert.Equal("first", await SelectAsync(command => command.Text("kept", "first")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => SelectAsync(command => command));
        Assert.Null(await SelectAsync(command => command.Text("kept", null)));
        Assert.Equal("last", await SelectAsync(command => command.Text("kept", "last")));
    }

    private async Task UseAsync()
    {
        var state = JsonElement.Parse("1");
        await _agent.Audit.LogAsync(new AuditEntry { Action = "first" }, Cancellation);
        await _agent.Audit.LogAsync(new AuditEntry { Action = "second", IdempotencyKey = "key" }, Cancellation);
        await _agent.Audit.LogAsync(new AuditEntry { Action = "third", IdempotencyKey = "key" }, Cancellation);
        await _agent.Sessions.CreateAsync(new NewSession { Id = "session" }, Cancellation);
        await _agent.Sessions.SaveStateAsync("session", new SessionUpdate { State = state }, Cancellation);
        await _agent.Idempotency.ExecuteAsync(new IdempotencyRequest { Key = "key" }, _ => Task.FromResult(1), Cancellation);
        var thread = await _agent.Conversations.GetOrCreateThreadAsync("platform", "chat", Cancellation);
        var message = new NewMessage { Role = MessageRole.User, Text = "text", PlatformMessageId = "id" };
        await _agent.Conversations.AppendAsync(thread.Id, message, Cancellation);
        await _agent.Conversations.AppendAsync(thread.Id, message, Cancellation);
        await using (var transaction = await _agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Audit.LogAsync(new AuditEntry { Action = "staged" }, Cancellation);
            await transaction.Conversations.AppendAsync(thread.Id, message, Cancellation);
            await transaction.Idempotency.BeginAsync(new IdempotencyRequest { Key = "other" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.True((await _agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
        await _agent.Database.MigrateAsync(Cancellation);
    }

    private Task<string?> ReadSessionAsync() => _agent.Get<OwnConnectionExecutor>().ReadAsync(
        (unit, ct) => unit.Command(OfSession).ReadFirstAsync(
            row => $"{row.TextOrNull(0)} {row.Number(1)} {row.Number(2)} {row.Number(3)} {row.Number(4)} {row.Number(5)}", ct),
        Cancellation);
}
