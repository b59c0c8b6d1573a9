using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>What the suites of the idempotency cache share.</summary>
public abstract class IdempotencyTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected static readonly JsonElement One = Json("1");
    protected static readonly JsonElement Two = Json("2");

    protected IIdempotencyCache Cache => Agent.Idempotency;

    protected static IdempotencyRequest NewRequest(CrashPolicy onCrash = CrashPolicy.Retry) =>
        new() { Key = NewId("key"), Scope = "tests", OnCrash = onCrash };

    protected static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });

    protected Task<IdempotencyClaim> AcquireAsync(IdempotencyRequest request) => AcquireAsync(Cache, request);

    protected static async Task<IdempotencyClaim> AcquireAsync(IIdempotencyCache cache, IdempotencyRequest request)
    {
        var claim = await cache.BeginAsync(request, Cancellation);
        Assert.Equal(IdempotencyDisposition.Acquired, claim.Disposition);
        return claim;
    }

    protected async Task<IdempotencyDisposition> DispositionAsync(IdempotencyRequest request) =>
        (await Cache.BeginAsync(request, Cancellation)).Disposition;

    protected async Task<IdempotencyState?> StateAsync(IdempotencyRequest request) =>
        (await Cache.FindAsync(request.Key, request.Scope, Cancellation))?.State;
}
