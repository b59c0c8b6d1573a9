using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>What callers are told of a shared commit that they cannot know the end of, and how much goes into one.</summary>
public sealed class PostgreSqlSharedWriteTests(PostgreSqlDatabases databases) : OwnDatabaseTests(databases)
{
    private const int Callers = 32;

    // The first of the callers writes alone, the others share.
    private const int Ghost = 20;

    private static readonly JsonElement Short = JsonElement.Parse("1");
    private static readonly JsonElement Long = JsonElement.Parse($"\"{new string('x', 300_000)}\"");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public enum Kind
    {
        Claim,
        Outcome,
        Save,
    }

    [Theory]
    [InlineData(Kind.Claim, true)]
    [InlineData(Kind.Claim, false)]
    [InlineData(Kind.Outcome, true)]
    [InlineData(Kind.Outcome, false)]
    [InlineData(Kind.Save, true)]
    [InlineData(Kind.Save, false)]
    public async Task What_was_answered_before_a_commit_whose_end_is_lost_is_stored_once_whether_that_was_made_or_not(Kind kind, bool isMade)
    {
        var write = await PrepareAsync(kind);
        if (!isMade)
        {
            await RefuseFirstCommitAsync(kind);
        }

        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        var lost = proxy.LoseEndOfNextAnswerTo(Key(Ghost));

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => write(agent, i, Short))).WaitAsync(Patience, Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.Equal(Callers, (await StoredAsync(kind)).Length);
    }

    [Theory]
    [InlineData(Kind.Claim, false)]
    [InlineData(Kind.Claim, true)]
    [InlineData(Kind.Outcome, false)]
    [InlineData(Kind.Outcome, true)]
    [InlineData(Kind.Save, false)]
    [InlineData(Kind.Save, true)]
    public async Task While_the_server_is_away_after_a_lost_answer_nobody_is_told_that_what_is_stored_is_not(Kind kind, bool isAwayOnceAsked)
    {
        var (write, isGhost) = (await PrepareAsync(kind), TcpCutProxy.Holds(Key(Ghost)));
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        var lost = proxy.LoseNextAnswer(request =>
        {
            if (isGhost(request) && !isAwayOnceAsked)
            {
                proxy.Close();
            }

            return isGhost(request);
        });
        _ = proxy.LoseNextAnswer(_ =>
        {
            if (lost.IsCompleted)
            {
                proxy.Close();
            }

            return false;
        });

        await AssertToldAsync(kind, write, proxy.ConnectionString);
    }

    [Fact]
    public async Task Whoever_is_not_let_in_again_after_a_lost_answer_is_told_that_it_may_be_stored()
    {
        var (write, isGhost) = (await PrepareAsync(Kind.Save), TcpCutProxy.Holds(Key(Ghost)));
        var role = $"agent_{Guid.NewGuid():N}";
        await Database.ExecuteAsync($"CREATE ROLE {role} SUPERUSER LOGIN");
        try
        {
            await using var proxy = TcpCutProxy.Start($"{Database.ConnectionString};Username={role}");
            _ = proxy.LoseNextAnswer(request =>
            {
                if (isGhost(request))
                {
                    Task.Run(() => Database.ExecuteAsync($"ALTER ROLE {role} NOLOGIN")).Wait(Cancellation);
                }

                return isGhost(request);
            });

            await AssertToldAsync(Kind.Save, write, proxy.ConnectionString);
        }
        finally
        {
            await Database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Theory]
    [InlineData(Kind.Outcome)]
    [InlineData(Kind.Save)]
    public async Task What_is_long_shares_no_commit(Kind kind)
    {
        var write = await PrepareAsync(kind);

        await WriteAtOnceAsync(Callers, (agent, i) => write(agent, i, i == Ghost ? Long : Short));

        Assert.Equal(1L, await CountBesideAsync(kind, Ghost));
        Assert.NotEqual(1L, await CountBesideAsync(kind, Ghost + 1));
    }

    [Fact]
    public async Task A_hundred_claims_share_a_commit_and_no_more()
    {
        var write = await PrepareAsync(Kind.Claim);

        await WriteAtOnceAsync(350, (agent, i) => write(agent, i, Short));

        Assert.Equal(100L, await Database.ScalarAsync(
            "SELECT max(shared) FROM (SELECT count(*) AS shared FROM agent_idempotency_cache GROUP BY xmin::text) AS commits"));
    }

    private static string Key(int caller) => $"ghost {caller};";

    private static IdempotencyRequest Request(int caller) => new() { Key = Key(caller) };

    private static (string Table, string Key, string IsStored) Rows(Kind kind) => kind switch
    {
        Kind.Claim => ("agent_idempotency_cache", "idempotency_key", "state = 'in_progress' AND epoch = 1"),
        Kind.Outcome => ("agent_idempotency_cache", "idempotency_key", "state = 'completed'"),
        _ => ("agent_sessions", "id", "version = 2"),
    };

    /// <summary>Stores what has to be there before, and returns how a caller writes, and learns that it has done so once.</summary>
    private async Task<Func<Agent, int, JsonElement, Task>> PrepareAsync(Kind kind)
    {
        var callers = Enumerable.Range(0, Callers);
        switch (kind)
        {
            case Kind.Claim:
                return async (agent, i, _) =>
                {
                    var claim = await agent.Idempotency.BeginAsync(Request(i), Cancellation);
                    Assert.Equal((IdempotencyDisposition.Acquired, 1L, false), (claim.Disposition, claim.Epoch, claim.IsTakeover));
                };
            case Kind.Outcome:
                var claims = await Task.WhenAll(callers.Select(i => Agent.Idempotency.BeginAsync(Request(i), Cancellation)));
                return (agent, i, value) => agent.Idempotency.CompleteAsync(claims[i], value, Cancellation);
            default:
                await Task.WhenAll(callers.Select(i => Agent.Sessions.CreateAsync(new NewSession { Id = Key(i) }, Cancellation)));
                return async (agent, i, value) =>
                {
                    var update = new SessionUpdate { State = value, ExpectedVersion = 1 };
                    Assert.Equal(2, (await agent.Sessions.SaveStateAsync(Key(i), update, Cancellation)).Version);
                };
        }
    }

    /// <summary>After its rows were answered, for that is when a deferred trigger runs.</summary>
    private Task RefuseFirstCommitAsync(Kind kind) => Database.ExecuteAsync(
        $"""
        CREATE SEQUENCE commits;
        CREATE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF nextval('commits') = 1 THEN RAISE EXCEPTION 'refused'; END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER refuse_first AFTER INSERT OR UPDATE ON {Rows(kind).Table} DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.{Rows(kind).Key} = '{Key(Ghost)}') EXECUTE FUNCTION refuse_first();
        """);

    private async Task AssertToldAsync(Kind kind, Func<Agent, int, JsonElement, Task> write, string connectionString)
    {
        await using var agent = new Agent(
            DatabaseKind.PostgreSql, $"{connectionString};Pooling=false", configure: o => o.RetryTimeout = TimeSpan.FromSeconds(2));

        var told = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(i => Record.ExceptionAsync(() => write(agent, i, Short)).AsTask())).WaitAsync(Patience, Cancellation);

        var stored = await StoredAsync(kind);
        Assert.All(told.Index(), t => Assert.True(
            t.Item is WriteInDoubtException || (t.Item is null or AgentPersistenceException && t.Item is null == stored.Contains(Key(t.Index))),
            $"{t.Index}, {stored.Contains(Key(t.Index))}: {t.Item}"));
        Assert.IsType<WriteInDoubtException>(told[Ghost]);
        Assert.Contains(Key(Ghost), stored);
    }

    /// <summary>The writes of many callers, none of which begins before all wait.</summary>
    private async Task WriteAtOnceAsync(int callers, Func<Agent, int, Task> write)
    {
        await using var agent = new Agent(DatabaseKind.PostgreSql, $"{Database.ConnectionString};Maximum Pool Size=1;Pooling=true");
        var onlyConnection = await agent.Database.BeginTransactionAsync(Cancellation);
        var writes = Task.WhenAll(Enumerable.Range(0, callers).Select(i => write(agent, i)));
        await onlyConnection.DisposeAsync();
        await writes.WaitAsync(Patience, Cancellation);
    }

    private async Task<string[]> StoredAsync(Kind kind)
    {
        var (table, key, isStored) = Rows(kind);
        return (string[])(await Database.ScalarAsync($"SELECT array(SELECT {key}::text FROM {table} WHERE {isStored})"))!;
    }

    /// <summary>How many rows the commit that wrote a caller's has written.</summary>
    private Task<object?> CountBesideAsync(Kind kind, int caller)
    {
        var (table, key, _) = Rows(kind);
        return Database.ScalarAsync($"SELECT count(*) FROM {table} WHERE xmin = (SELECT xmin FROM {table} WHERE {key} = '{Key(caller)}')");
    }
}
