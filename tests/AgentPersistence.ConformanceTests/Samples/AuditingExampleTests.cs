using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class AuditingExampleTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task A_completed_action_still_verifies_once_it_is_erased()
    {
        var (audit, verifier, maintenance) = (Agent.Audit, Agent.Verifier, Agent.AuditMaintenance);
        var (input, output) = (JsonElement.Parse("""{"amount":40}"""), JsonElement.Parse("""{"done":true}"""));
        var session = NewId("session");

        // <readme>
        var receipt = await audit.LogAsync(
            new AuditEntry { SessionId = session, UserId = "mia", Action = "refund", Input = input, Status = AuditStatus.Pending });
        // The tool runs here.
        await audit.CompleteAsync(receipt.Id, new AuditOutcome(AuditStatus.Success, output));

        var checkpoint = await verifier.CreateCheckpointAsync();
        // Kept where the log's writers cannot reach it; later:
        await maintenance.EraseAsync(AuditErasure.ByUser("mia"));
        var verified = await verifier.VerifyAgainstAsync(checkpoint);
        // </readme>

        var record = await audit.FindAsync(receipt.Id, Cancellation);
        Assert.True(verified.IsIntact, verified.Reason);
        Assert.Equal((AuditStatus.Success, true, null), (record!.Status, record.IsErased, record.UserId));
        Assert.Null(record.Input);
    }
}
