using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class IdempotencyExampleTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task An_effect_that_shares_a_commit_with_its_claim_happens_once()
    {
        var customer = NewId("customer");

        for (var i = 0; i < 3; i++)
        {
            await RecordOnceAsync(Agent.Database, customer);
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RecordOnceAsync(Agent.Database, customer)));

        Assert.Equal(1, (await Agent.Customers.FindAsync(customer, Cancellation))!.TotalDenials);
    }

    private static async Task RecordOnceAsync(IAgentDatabase database, string customer)
    {
        // <readme>
        await using var transaction = await database.BeginTransactionAsync();
        var claim = await transaction.Idempotency.BeginAsync(new IdempotencyRequest { Key = "complaint-17" });
        if (claim.Disposition == IdempotencyDisposition.Acquired)
        {
            await transaction.Customers.RecordInteractionAsync(customer, new CustomerInteraction { Denied = true });
            await transaction.Idempotency.CompleteAsync(claim, result: null);
            await transaction.CommitAsync();
        }
        // </readme>
    }
}
