using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class TransactionPlaces
{
    private const string Table = "agent_transactions";

    public static IEnumerable<Place> All =>
    [
        Begun("NewTransaction.IdempotencyKey", PlaceKind.OptionalKey, v => new() { IdempotencyKey = v }, t => t.IdempotencyKey),
        Begun("NewTransaction.Fingerprint", PlaceKind.OptionalKey, v => new() { Fingerprint = v }, t => t.Fingerprint),
        Begun("NewTransaction.RunId", PlaceKind.OptionalKey, v => new() { RunId = v }, t => t.RunId),
        Begun("NewTransaction.UserId", PlaceKind.OptionalKey, v => new() { UserId = v }, t => t.UserId),
        Begun("NewTransaction.SessionId", PlaceKind.OptionalKey, v => new() { SessionId = v }, t => t.SessionId),
        Begun("NewTransaction.StepKey", PlaceKind.OptionalKey, v => new() { StepKey = v }, t => t.StepKey),
        Begun("NewTransaction.Intent", PlaceKind.Name, v => new() { Intent = v }, t => t.Intent),
        Begun("NewTransaction.Action", PlaceKind.Name, v => new() { Action = v }, t => t.Action),
        Place.Of("NewTransaction.RollbackData", PlaceKind.OptionalJson, Table, async (Agent agent, JsonElement? value) =>
            (await FindAsync(agent, (await agent.Transactions.BeginAsync(new() { RollbackData = value })).Transaction.Id)).RollbackData),
        Place.Of("NewTransaction.Input", PlaceKind.OptionalJson, Table, async (Agent agent, JsonElement? value) =>
            (await EntryAsync(agent, (await agent.Transactions.BeginAsync(new() { Input = value })).Transaction.Id)).Input),
        Settled("TransactionResult.Output", PlaceKind.OptionalJson, async (agent, id, value) =>
        {
            await agent.Transactions.CompleteAsync(id, new() { Output = (JsonElement?)value });
            return (await EntryAsync(agent, id)).Output;
        }),
        Settled("TransactionResult.RollbackData", PlaceKind.OptionalJson, async (agent, id, value) =>
            (await FindAsync(agent, (await agent.Transactions.CompleteAsync(id, new() { RollbackData = (JsonElement?)value })).Id)).RollbackData),
        Settled("TransactionResult.ResultFingerprint", PlaceKind.OptionalKey, async (agent, id, value) =>
            (await FindAsync(agent, (await agent.Transactions.CompleteAsync(id, new() { ResultFingerprint = (string?)value })).Id))
            .ResultFingerprint),
        Settled("ITransactionJournal.FailAsync.reason", PlaceKind.RequiredText, async (agent, id, value) =>
        {
            await agent.Transactions.FailAsync(id, (string)value!);
            return (await FindAsync(agent, id)).Error;
        }),
        Settled("MarkRolledBackAsync.reason", PlaceKind.Text, async (agent, id, value) =>
        {
            await agent.Transactions.MarkRolledBackAsync(id, (string?)value);
            return (await EntryAsync(agent, id)).ErrorMessage;
        }),
        Place.Lookup("ITransactionJournal.FindByIdempotencyKeyAsync.idempotencyKey", Table, (agent, value) =>
            agent.Transactions.FindByIdempotencyKeyAsync(value)),
        Place.Lookup("UndoRunAsync.runId", Table, (agent, value) => agent.Transactions.UndoRunAsync(value, (_, _) => Task.CompletedTask)),
        Place.Lookup("TransactionQuery.RunId", Table, (agent, value) => agent.Transactions.QueryAsync(new() { RunId = value })),
        Place.Lookup("TransactionQuery.UserId", Table, (agent, value) => agent.Transactions.QueryAsync(new() { UserId = value })),
        Place.Lookup("TransactionQuery.SessionId", Table, (agent, value) => agent.Transactions.QueryAsync(new() { SessionId = value })),
        Place.Lookup("TransactionQuery.StepKey", Table, (agent, value) => agent.Transactions.QueryAsync(new() { StepKey = value })),
    ];

    private static Place Begun(string name, PlaceKind kind, Func<string?, NewTransaction> make, Func<JournaledTransaction, string?> member) =>
        Place.Of(name, kind, Table, async (Agent agent, string? value) =>
            member(await FindAsync(agent, (await agent.Transactions.BeginAsync(make(value))).Transaction.Id)));

    private static Place Settled(string name, PlaceKind kind, Func<Agent, Guid, object?, Task<object?>> settle) =>
        new(name, kind, Table, async agent =>
        {
            var id = (await agent.Transactions.BeginAsync(new())).Transaction.Id;
            return value => settle(agent, id, value);
        });

    private static async Task<JournaledTransaction> FindAsync(Agent agent, Guid id) => (await agent.Transactions.FindAsync(id))!;

    private static async Task<AuditRecord> EntryAsync(Agent agent, Guid id) => (await agent.Audit.FindAsync(id))!;
}
