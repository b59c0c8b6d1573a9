using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class ApprovalExampleTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task An_action_that_was_approved_is_taken_once_however_often_it_is_tried()
    {
        var (customer, action) = (NewId("customer"), JsonElement.Parse("""{ "tool": "refund", "amount": 40 }"""));
        var asked = await AskAsync(Agent.Approvals, action);
        await Assert.ThrowsAsync<ApprovalNotApprovedException>(() => TakeAsync(Agent.Database, asked.Id, action, customer));
        await Agent.Approvals.ResolveAsync(asked.Id, ApprovalDecision.Approve, "mia", "damaged in transit", Cancellation);

        await TakeAsync(Agent.Database, asked.Id, action, customer);
        await Assert.ThrowsAsync<ApprovalConsumedException>(() => TakeAsync(Agent.Database, asked.Id, action, customer));

        Assert.Equal(1, (await Agent.Customers.FindAsync(customer, Cancellation))!.TotalInteractions);
    }

    private static Task<Approval> AskAsync(IApprovalStore approvals, JsonElement action) =>
        approvals.CreateAsync(new() { ProposalText = "Refund 40 EUR?", Action = action, TimeToLive = TimeSpan.FromHours(4) });

    private static async Task TakeAsync(IAgentDatabase database, Guid approvalId, JsonElement action, string customer)
    {
        // <readme>
        await using var transaction = await database.BeginTransactionAsync();
        await transaction.Approvals.ConsumeAsync(approvalId, action);
        await transaction.Customers.RecordInteractionAsync(customer, new CustomerInteraction());
        await transaction.CommitAsync();
        // </readme>
    }
}
