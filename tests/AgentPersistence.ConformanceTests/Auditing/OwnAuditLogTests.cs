using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>What looks at the whole log: every test has a database of its own.</summary>
public abstract class OwnAuditLogTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected TestDatabase OwnDatabase { get; private set; } = null!;

    protected Agent OwnAgent { get; private set; } = null!;

    protected IAuditLogger Audit => OwnAgent.Audit;

    protected IAuditMaintenance Maintenance => OwnAgent.AuditMaintenance;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        OwnDatabase = await Databases.CreateAsync();
        OwnAgent = new Agent(OwnDatabase);
    }

    public override async ValueTask DisposeAsync()
    {
        await OwnAgent.DisposeAsync();
        await OwnDatabase.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task LogAsync(int count)
    {
        foreach (var batch in Enumerable.Repeat(new AuditEntry { UserId = "u" }, count).Chunk(1_000))
        {
            await Audit.LogAsync(batch, Cancellation);
        }
    }

    protected Task<IReadOnlyList<AuditRecord>> AllAsync() => Audit.QueryAsync(new AuditQuery { OldestFirst = true }, Cancellation);

    protected async Task AssertIntactAsync(long rows) =>
        Assert.Equal(new AuditVerification(true, rows, null, null), await OwnAgent.Verifier.VerifyAsync(cancellationToken: Cancellation));

    protected static int Number(JsonElement details, string name) => details.GetProperty(name).GetInt32();

    protected static JsonElement Json(string text) => JsonElement.Parse(text);
}
