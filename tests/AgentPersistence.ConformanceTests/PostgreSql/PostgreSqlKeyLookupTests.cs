using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>
/// How a row is found that is to move on, where all rows had ended when statistics were made: by its key, however many are open since.
/// </summary>
public sealed class PostgreSqlKeyLookupTests(PostgreSqlDatabases databases) : DatabaseTests(databases)
{
    private const string Ended = "FROM generate_series(1, 20000) AS n";
    private static readonly Guid Any = Guid.CreateVersion7();

    private static readonly Dictionary<string, string> Fills = new()
    {
        ["agent_sessions"] = $"""
            INSERT INTO agent_sessions (id, state, status, version, created_at, last_activity, write_id)
            SELECT gen_random_uuid(), '1', 'completed', 1, now(), now(), gen_random_uuid() {Ended}
            """,
        ["agent_reactive_jobs"] = $"""
            INSERT INTO agent_reactive_jobs (
                id, mode, status, payload_json, priority, run_at, attempts, max_attempts, epoch, cancel_requested, created_at)
            SELECT gen_random_uuid(), 'chat', 'done', '1', 1, now(), 1, 1, 1, false, now() {Ended}
            """,
        ["agent_approvals"] = $"""
            INSERT INTO agent_approvals (id, proposal_text, action_json, action_digest, status, created_at, write_id)
            SELECT gen_random_uuid(), '?', '1', 'v1:', 'rejected', now(), gen_random_uuid() {Ended}
            """,
        ["agent_transactions"] = $"""
            INSERT INTO agent_transactions (id, action, status, audit_log_id, rollback_epoch, is_takeover, created_at)
            SELECT gen_random_uuid(), 'pay', 'completed', gen_random_uuid(), 0, false, now() {Ended}
            """,
        ["agent_deployments"] = $"""
            INSERT INTO agent_deployments (id, git_sha, branch, status, created_at, updated_at, write_id)
            SELECT gen_random_uuid(), n, 'main', 'healthy', now(), now(), gen_random_uuid() {Ended}
            """,
        ["agent_incidents"] = $"""
            INSERT INTO agent_incidents (
                id, search_terms, search_length, confidence, outcome, root_cause, created_at, updated_at, write_id, signal_cluster)
            SELECT gen_random_uuid(), 'x', 1, 0.8, 'completed', 'y', now(), now(), gen_random_uuid(), 'x' {Ended}
            """,
    };

    public static TheoryData<string, string, string> Moves => new()
    {
        { "agent_sessions", nameof(SqlDialect.SaveSession), "active" },
        { "agent_sessions", nameof(SqlDialect.EndSession), "active" },
        { "agent_reactive_jobs", nameof(SqlDialect.RenewJob), "" },
        { "agent_reactive_jobs", nameof(SqlDialect.SettleJob), "" },
        { "agent_reactive_jobs", nameof(SqlDialect.CancelJob), "" },
        { "agent_reactive_jobs", nameof(SqlDialect.RequeueJob), "" },
        { "agent_reactive_jobs", nameof(SqlDialect.WakeJobsWaitingFor), "" },
        { "agent_approvals", nameof(SqlDialect.ResolveApproval), "approved" },
        { "agent_approvals", nameof(SqlDialect.ConsumeApproval), "" },
        { "agent_transactions", nameof(SqlDialect.SettleTransaction), "completed" },
        { "agent_transactions", nameof(SqlDialect.FindTransactionsToUndo), "" },
        { "agent_transactions", nameof(SqlDialect.ClaimRollback), "" },
        { "agent_deployments", nameof(SqlDialect.MoveDeployment), "deploying" },
        { "agent_deployments", nameof(SqlDialect.ReportOnDeployment), "deploying" },
        { "agent_incidents", nameof(SqlDialect.UpdateIncidentOutcome), "completed" },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_row_that_moves_on_is_found_by_its_key(string table, string move, string status)
    {
        await Database.ExecuteAsync(Fills[table]);
        await Database.ExecuteAsync($"ANALYZE {table}");

        var plan = await ExplainAsync(move, status);

        Assert.Matches($"(using|on) (pk_{table}|ix_{table}_(id|waiting_for|run_id_created_at)) ", plan);
    }

    private Task<string> ExplainAsync(string move, string status) => Agent.Get<OwnConnectionExecutor>().ReadAsync(
        async (unit, ct) =>
        {
            var statement = (SqlStatement)typeof(SqlDialect).GetProperty(move)!.GetValue(unit.Dialect)!;
            var command = unit.Command(statement with { Text = $"EXPLAIN {statement.Text}" });
            command = move.EndsWith("Session", StringComparison.Ordinal) ? command.Text("id", "1") : command.Id("id", Any);
            return string.Join('\n', await command
                .Text("status", status).Text("active", "active").Texts("before", ["pending"])
                .Text("pending", "pending").Text("approval", "awaiting_approval").Text("outcome", "completed")
                .Id("token", Any).Id("write_id", Any).Id("settle_id", Any).Id("waiting_for", Any)
                .Number("epoch", 1).Number("lease", 1).Number("delay", 1).Number("expected_version", 1).Flag("leaves_failed", false)
                .Json("state", "1").Json("result", "1").Json("actions", "1").Json("rollback_data", "1")
                .Text("move", "done").Text("error", null).Text("report", null).Text("intent", null).Text("digest", "v1:")
                .Ids("approvals", [Any]).Text("run_id", "run").Text("decided_by", "mia").Text("reason", null).Text("result_fingerprint", null)
                .Time("updated_at", DateTimeOffset.UtcNow)
                .ReadAllAsync(row => row.Text(0), ct));
        },
        Cancellation);
}
