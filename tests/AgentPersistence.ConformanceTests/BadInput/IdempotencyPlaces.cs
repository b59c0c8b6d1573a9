using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class IdempotencyPlaces
{
    private const string Table = "agent_idempotency_cache";

    private static IdempotencyRequest Request => new() { Key = Guid.CreateVersion7().ToString() };

    public static IEnumerable<Place> All =>
    [
        Place.Of("IdempotencyRequest.Key", PlaceKind.Key, Table, async (agent, value) =>
            (await BeginAsync(agent, new IdempotencyRequest { Key = value! })).Key),
        Place.Of("IdempotencyRequest.Scope", PlaceKind.Scope, Table, async (agent, value) =>
            (await BeginAsync(agent, Request with { Scope = value! })).Scope),
        Place.Of("IdempotencyRequest.UserId", PlaceKind.OptionalKey, Table, async (agent, value) =>
            (await BeginAsync(agent, Request with { UserId = value })).UserId),
        Place.Of("IdempotencyRequest.Fingerprint", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            // It is only compared: with itself it is no mismatch, with another it is.
            var request = Request with { Fingerprint = value };
            await BeginAsync(agent, request);
            var (same, other) = (await agent.Idempotency.BeginAsync(request),
                await agent.Idempotency.BeginAsync(request with { Fingerprint = "another" }));
            var isKept = same.Disposition != IdempotencyDisposition.Mismatch
                && other.Disposition == IdempotencyDisposition.Mismatch == (value is not null);
            return isKept ? value : "lost";
        }),
        Settled("CompleteAsync.result", PlaceKind.OptionalJson, async (agent, claim, value) =>
        {
            await agent.Idempotency.CompleteAsync(claim, (JsonElement?)value);
            return (await FindAsync(agent, claim)).Result;
        }),
        Settled("FailAsync.error", PlaceKind.RequiredText, async (agent, claim, value) =>
        {
            await agent.Idempotency.FailAsync(claim, (string)value!);
            return (await FindAsync(agent, claim)).Error;
        }),
        Place.Lookup("RenewAsync.claim", Table, (agent, value) =>
            agent.Idempotency.RenewAsync(new IdempotencyClaim { Key = value, Token = Guid.CreateVersion7() })),
        Place.Lookup("FindAsync.key", Table, (agent, value) => agent.Idempotency.FindAsync(value)),
        Place.Lookup("ResolveAsync.key", Table, (agent, value) =>
            agent.Idempotency.ResolveAsync(value, new IdempotencyResolution(IdempotencyState.Released))),
    ];

    private static Place Settled(string name, PlaceKind kind, Func<Agent, IdempotencyClaim, object?, Task<object?>> settle) =>
        new(name, kind, Table, async agent =>
        {
            var claim = await agent.Idempotency.BeginAsync(Request);
            return value => settle(agent, claim, value);
        });

    private static async Task<IdempotencyRecord> BeginAsync(Agent agent, IdempotencyRequest request) =>
        await FindAsync(agent, await agent.Idempotency.BeginAsync(request));

    private static async Task<IdempotencyRecord> FindAsync(Agent agent, IdempotencyClaim claim) =>
        (await agent.Idempotency.FindAsync(claim.Key, claim.Scope))!;
}
