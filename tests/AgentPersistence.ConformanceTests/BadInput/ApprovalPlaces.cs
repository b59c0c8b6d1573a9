using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class ApprovalPlaces
{
    private const string Table = "agent_approvals";

    private static NewApproval Proposal => new() { ProposalText = "?", Action = GivenJson.Parse("\"nothing\"") };

    public static IEnumerable<Place> All =>
    [
        Of("NewApproval.ProposalText", PlaceKind.RequiredText, v => Proposal with { ProposalText = (string)v! }, a => a.ProposalText),
        Of("NewApproval.Action", PlaceKind.CanonicalJson, value => Proposal with { Action = (JsonElement)value! }, a => a.Action),
        Of("NewApproval.RequestedBy", PlaceKind.OptionalKey, value => Proposal with { RequestedBy = (string?)value }, a => a.RequestedBy),
        Of("NewApproval.ExpiresAt", PlaceKind.Time, value => Proposal with { ExpiresAt = (DateTimeOffset?)value }, a => a.ExpiresAt),
        new Place("ResolveAsync.decidedBy", PlaceKind.Key, Table, async agent =>
        {
            var id = (await agent.Approvals.CreateAsync(Proposal)).Id;
            return async value =>
            {
                await agent.Approvals.ResolveAsync(id, ApprovalDecision.Approve, (string)value!);
                return (await agent.Approvals.FindAsync(id))!.DecidedBy;
            };
        }),
        new Place("ResolveAsync.reason", PlaceKind.Text, Table, async agent =>
        {
            var id = (await agent.Approvals.CreateAsync(Proposal)).Id;
            return async value =>
            {
                await agent.Approvals.ResolveAsync(id, ApprovalDecision.Reject, "mia", (string?)value);
                return (await agent.Approvals.FindAsync(id))!.Reason;
            };
        }),
        new Place("ConsumeAsync.action", PlaceKind.CanonicalJson, Table, async agent =>
        {
            // It is only compared: whatever has a canonical form is another action than the proposed one.
            var id = (await agent.Approvals.CreateAsync(Proposal)).Id;
            return async value =>
            {
                var action = (JsonElement)value!;
                var running = agent.Approvals.ConsumeAsync(id, action);
                var given = running.Exception?.InnerException is ArgumentException ? default : action.Clone();
                try
                {
                    await running;
                    return "was consumed";
                }
                catch (ApprovalActionMismatchException)
                {
                    return given;
                }
            };
        }),
    ];

    private static Place Of(string name, PlaceKind kind, Func<object?, NewApproval> make, Func<Approval, object?> member) =>
        new(name, kind, Table, agent => Task.FromResult<Func<object?, Task<object?>>>(async value =>
        {
            var created = await agent.Approvals.CreateAsync(make(value));
            return member((await agent.Approvals.FindAsync(created.Id))!);
        }));
}
