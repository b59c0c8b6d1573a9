using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs.Storage;
using AgentPersistence.Providers;
using AgentPersistence.Sessions.Storage;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>
/// How the rows of a shared commit are found, where the table was empty when statistics were made, and its plan with it: each by itself,
/// however many rows there are since.
/// </summary>
public sealed class PostgreSqlSharedPlanTests(PostgreSqlDatabases databases) : DatabaseTests(databases)
{
    private const string Keys = """
        INSERT INTO agent_idempotency_cache (
            scope, idempotency_key, state, token, epoch, is_takeover, on_crash, lease, time_to_live, created_at)
        SELECT '', n, 'in_progress', gen_random_uuid(), 1, false, 'block', 1, 1, now()
        """;

    [Fact]
    public async Task Outcomes_of_operations_find_their_keys() => AssertFinds("Tid Scan", await ExplainAsync(
        "agent_idempotency_cache",
        Keys,
        d => d.SettleFreeIdempotent,
        c => c.Rows(IdempotencySettlement.Columns.Columns, [])));

    [Fact]
    public async Task Claims_of_new_keys_look_for_each() => AssertFinds("pk_agent_idempotency_cache", await ExplainAsync(
        "agent_idempotency_cache",
        Keys,
        d => d.ClaimNewIdempotentKeys!,
        c => c.Rows(IdempotencyNewClaim.Columns.Columns, [])));

    [Fact]
    public async Task Results_that_are_read_again_are_found_by_their_keys() => AssertFinds("Index Cond: (((scope)", await ExplainAsync(
        "agent_idempotency_cache",
        Keys,
        d => d.FindReplays!,
        c => c.Rows(IdempotencyReplay.Columns.Columns, [])));

    [Fact]
    public async Task Saves_find_their_sessions() => AssertFinds("Tid Scan", await ExplainAsync(
        "agent_sessions",
        """
        INSERT INTO agent_sessions (id, state, status, version, created_at, last_activity, write_id)
        SELECT n, '1', 'active', 1, now(), now(), gen_random_uuid()
        """,
        d => d.SaveFreeSessions,
        c => c.Rows(SessionSave.Columns.Columns, []).Text("active", SessionStore.Active)));

    [Fact]
    public async Task Settlements_find_their_jobs() => AssertFinds("Tid Scan", await ExplainAsync(
        "agent_reactive_jobs",
        """
        INSERT INTO agent_reactive_jobs (
            id, mode, status, payload_json, priority, run_at, attempts, max_attempts, epoch, cancel_requested, created_at)
        SELECT gen_random_uuid(), 'chat', 'running', '1', 1, now(), 1, 1, 1, false, now()
        """,
        d => d.SettleFreeJobs,
        c => c.Rows(JobSettlement.Columns.Columns, [])));

    private static void AssertFinds(string by, string plan)
    {
        Assert.Contains(by, plan, StringComparison.Ordinal);
        Assert.DoesNotMatch("Seq Scan|Join Filter|hashed", plan);
    }

    private async Task<string> ExplainAsync(
        string table, string insert, Func<SqlDialect, SqlStatement> choose, Func<StoreCommand, StoreCommand> give)
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync($"{insert} FROM generate_series(1, 300) AS n");
        await database.ExecuteAsync($"DELETE FROM {table}");
        await database.ExecuteAsync($"ANALYZE {table}");
        return await agent.Get<OwnConnectionExecutor>().TransactAsync(
            async (unit, ct) =>
            {
                var parts = choose(unit.Dialect).Text.Split(';', 2);
                var statement = new SqlStatement($"{parts[0]}; EXPLAIN {parts[1]}", TakesNow: false);
                return string.Join('\n', await give(unit.Command(statement))
                    .ReadAllAsync(row => row.Text(0), ct, unit.Dialect.IndexPlanResults));
            },
            Cancellation);
    }
}
