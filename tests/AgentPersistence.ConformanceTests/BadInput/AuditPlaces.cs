using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class AuditPlaces
{
    private const string Table = "agent_audit_log";

    public static IEnumerable<Place> All =>
    [
        Entry("RunId", PlaceKind.OptionalKey, value => new() { RunId = value }, record => record.RunId),
        Entry("UserId", PlaceKind.OptionalKey, value => new() { UserId = value }, record => record.UserId),
        Entry("SessionId", PlaceKind.OptionalKey, value => new() { SessionId = value }, record => record.SessionId),
        Entry("IdempotencyKey", PlaceKind.OptionalKey, value => new() { IdempotencyKey = value }, record => record.IdempotencyKey),
        Entry("EventType", PlaceKind.Name, value => new() { EventType = value }, record => record.EventType),
        Entry("Intent", PlaceKind.Name, value => new() { Intent = value }, record => record.Intent),
        Entry("Action", PlaceKind.Name, value => new() { Action = value }, record => record.Action),
        Entry("ErrorMessage", PlaceKind.Text, value => new() { ErrorMessage = value }, record => record.ErrorMessage),
        Entry("Input", value => new() { Input = value }, record => record.Input),
        Entry("Output", value => new() { Output = value }, record => record.Output),
        Entry("Details", value => new() { Details = value }, record => record.Details),
        Place.Of("AuditEntry.OccurredAt", PlaceKind.TimeOrNow, Table, async (agent, value) =>
            (await LogAsync(agent, new AuditEntry { OccurredAt = value })).OccurredAt),
        new Place("AuditOutcome.Output", PlaceKind.OptionalJson, Table, async agent =>
        {
            var id = await PendingAsync(agent);
            return async value => (await CompleteAsync(agent, id, new AuditOutcome(AuditStatus.Success, (JsonElement?)value))).Output;
        }),
        new Place("AuditOutcome.ErrorMessage", PlaceKind.Text, Table, async agent =>
        {
            var id = await PendingAsync(agent);
            return async value =>
                (await CompleteAsync(agent, id, new AuditOutcome(AuditStatus.Failure, ErrorMessage: (string?)value))).ErrorMessage;
        }),
        Asked("RunId", PlaceKind.OptionalKey, (query, value) => query with { RunId = value }, record => record.RunId),
        Asked("UserId", PlaceKind.OptionalKey, (query, value) => query with { UserId = value }, record => record.UserId),
        Asked("SessionId", PlaceKind.OptionalKey, (query, value) => query with { SessionId = value }, record => record.SessionId),
        Asked("EventType", PlaceKind.Name, (query, value) => query with { EventType = value }, record => record.EventType),
        Asked("Intent", PlaceKind.Name, (query, value) => query with { Intent = value }, record => record.Intent),
        Asked("Action", PlaceKind.Name, (query, value) => query with { Action = value }, record => record.Action),
        Place.Lookup("FindByIdempotencyKeyAsync.idempotencyKey", Table, (agent, value) => agent.Audit.FindByIdempotencyKeyAsync(value)),
    ];

    private static Place Entry(string member, PlaceKind kind, Func<string?, AuditEntry> entry, Func<AuditRecord, string?> read) =>
        Place.Of($"AuditEntry.{member}", kind, Table, async (agent, value) => read(await LogAsync(agent, entry(value))));

    private static Place Entry(string member, Func<JsonElement?, AuditEntry> entry, Func<AuditRecord, JsonElement?> read) =>
        Place.Of($"AuditEntry.{member}", PlaceKind.OptionalJson, Table, async (agent, value) => read(await LogAsync(agent, entry(value))));

    // Asked before it is there as well, so that a value that is stored otherwise is not only refused when it is stored.
    private static Place Asked(string member, PlaceKind kind, Func<AuditQuery, string?, AuditQuery> ask, Func<AuditRecord, string?> read) =>
        Place.Of($"AuditQuery.{member}", kind, Table, async (agent, value) =>
        {
            var query = ask(new AuditQuery { Limit = 1 }, value);
            await agent.Audit.QueryAsync(query);
            var entry = new AuditEntry
            {
                RunId = query.RunId,
                UserId = query.UserId,
                SessionId = query.SessionId,
                EventType = query.EventType,
                Intent = query.Intent,
                Action = query.Action,
            };
            await agent.Audit.LogAsync(entry);
            return read((await agent.Audit.QueryAsync(query)).Single());
        });

    private static async Task<AuditRecord> LogAsync(Agent agent, AuditEntry entry) =>
        (await agent.Audit.FindAsync((await agent.Audit.LogAsync(entry)).Id))!;

    private static async Task<Guid> PendingAsync(Agent agent) =>
        (await agent.Audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending })).Id;

    private static async Task<AuditRecord> CompleteAsync(Agent agent, Guid id, AuditOutcome outcome)
    {
        await agent.Audit.CompleteAsync(id, outcome);
        return (await agent.Audit.FindAsync(id))!;
    }
}
