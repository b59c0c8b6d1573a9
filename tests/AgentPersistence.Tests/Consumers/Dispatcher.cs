using System.Text.Json;
using AgentPersistence.Approvals;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host takes an action that somebody must allow, and reacts to what the store throws.</summary>
internal sealed class Dispatcher(IApprovalStore approvals)
{
    public async Task<string> DispatchAsync(Guid id, JsonElement action)
    {
        var approval = new NewApproval { Id = id, ProposalText = "Dispatch?", Action = action };
        try
        {
            await approvals.CreateAsync(approval);
        }
        catch (DuplicateApprovalException)
        {
            return "something else was asked for";
        }

        var decided = await approvals.WaitAsync(id, TimeSpan.FromMinutes(5));
        return decided.Status == ApprovalStatus.Pending ? "nobody has decided" : await TakeAsync(decided.Id, action);
    }

    public async Task<string> TakeAsync(Guid approvalId, JsonElement action)
    {
        try
        {
            return $"done, as {(await approvals.ConsumeAsync(approvalId, action)).DecidedBy} has allowed";
        }
        catch (ApprovalActionMismatchException)
        {
            return $"asked again: {(await approvals.SupersedeAsync(approvalId, new() { ProposalText = "?", Action = action })).Status}";
        }
        catch (ApprovalNotApprovedException not)
        {
            return $"not done: {not.Status}";
        }
        catch (ApprovalConsumedException used)
        {
            return $"done before, in {used.ConsumedAt.Year}";
        }
    }

    public async Task<string> DecideAsync(Guid approvalId, string approver)
    {
        try
        {
            return $"{(await approvals.ResolveAsync(approvalId, ApprovalDecision.Approve, approver)).Status}";
        }
        catch (ApprovalConflictException conflict)
        {
            return $"{conflict.DecidedBy} was first: {conflict.Status}";
        }
        catch (ApprovalNotFoundException)
        {
            return "no such approval";
        }
    }
}
