using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Approvals that were decided and consumed; a hundred are pending and a hundred have expired. A thread has ten.</summary>
internal static class ApprovalGrowth
{
    private const int ApprovalsOfThread = 10;
    private const int Rare = 100;

    private static readonly JsonElement Action = JsonElement.Parse("""{"tool":"refund","amount":17.4}""");

    public static GrowingTable Table { get; } = new("approvals", FillAsync,
    [
        Calling("check", (approvals, rows) => approvals.CheckAsync(Numbered.Id(Numbered.Any(rows)))),
        Querying($"pending, {Rare}", new ApprovalQuery()),
        Querying($"expired, {Rare}", new ApprovalQuery { Status = ApprovalStatus.Expired }),
        Querying("approved", new ApprovalQuery { Status = ApprovalStatus.Approved }),
        Querying("newest", new ApprovalQuery { Status = null, NewestFirst = true }),
        Calling("by thread, 10", (approvals, rows) => approvals.QueryAsync(
            new ApprovalQuery { Status = null, ThreadId = Numbered.Id(Numbered.Any(rows / ApprovalsOfThread)) })),
        Calling("by job", (approvals, rows) => approvals.QueryAsync(
            new ApprovalQuery { Status = null, JobId = Numbered.Id(Numbered.Any(rows)) })),
        Calling("create", (approvals, _) => approvals.CreateAsync(New())) with { Adds = true },
        Calling("create, approve, consume", async (approvals, _) =>
        {
            var created = await approvals.CreateAsync(New());
            await approvals.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia");
            await approvals.ConsumeAsync(created.Id, Action);
        }) with { Adds = true },
        Calling("supersede", async (approvals, _) => await approvals.SupersedeAsync(
            (await approvals.CreateAsync(New())).Id, New())) with { Adds = true },
        Calling("expire, none", (approvals, _) => approvals.ExpireAsync()),
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, time, often) = (databases.Sql, databases.Sql.At("n"), $"n % {rows / Rare}");
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_approvals (
                id, thread_id, job_id, proposal_text, action_json, action_digest, requested_by, status, decided_by, decided_at, created_at,
                expires_at, consumed_at, write_id)
            SELECT {sql.Id("n")}, {sql.Id($"n % {rows / ApprovalsOfThread}")}, {sql.Id("n")}, 'Pay back 17.40 to the customer?',
                '{Action.GetRawText()}', {sql.Hex("n")}, 'agent',
                CASE {often} WHEN 1 THEN 'pending' WHEN 2 THEN 'expired' ELSE 'approved' END, 'mia', {time}, {time},
                {sql.SecondsAgo("-86400")}, CASE WHEN {often} IN (1, 2) THEN NULL ELSE {time} END, {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Querying(string name, ApprovalQuery query) => Calling(name, (approvals, _) => approvals.QueryAsync(query));

    private static Operation Calling(string name, Func<IApprovalStore, long, Task> call) => Operation.On(name, call);

    private static NewApproval New() => new()
    {
        ProposalText = "Pay back 17.40 to the customer?",
        Action = Action,
        ThreadId = Guid.NewGuid(),
        JobId = Guid.NewGuid(),
        TimeToLive = TimeSpan.FromHours(1),
    };
}
