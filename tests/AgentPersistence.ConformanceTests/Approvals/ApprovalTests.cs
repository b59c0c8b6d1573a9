using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

/// <summary>What the suites of approvals have in common.</summary>
public abstract class ApprovalTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected static readonly JsonElement Refund = Json("""{ "tool": "refund", "amount": 40.0 }""");

    protected static readonly JsonElement LargerRefund = Json("""{ "tool": "refund", "amount": 400 }""");

    protected IApprovalStore Approvals => Agent.Approvals;

    protected static NewApproval Proposal => new() { ProposalText = "Refund 40 EUR?", Action = Refund, RequestedBy = "agent" };

    protected async Task<Approval> NewApprovalAsync(NewApproval? approval = null) =>
        await Approvals.CreateAsync(approval ?? Proposal, Cancellation);

    protected async Task<Approval> NewApprovedAsync(NewApproval? approval = null)
    {
        var created = await NewApprovalAsync(approval);
        return await Approvals.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
    }

    protected async Task<Approval> GetAsync(Guid id) => (await Approvals.FindAsync(id, Cancellation))!;

    /// <summary>The call's answer, or the library's refusal.</summary>
    protected static async Task<(T? Answer, AgentPersistenceException? Refusal)> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return (await call(), null);
        }
        catch (AgentPersistenceException refusal)
        {
            return (default, refusal);
        }
    }

    /// <summary>Starts calls that meet each other as closely as threads allow.</summary>
    protected static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => call(i), Cancellation)));

    protected static JsonElement Json(string text) => JsonElement.Parse(text);
}
