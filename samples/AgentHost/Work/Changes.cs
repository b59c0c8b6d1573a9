using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Approvals;
using AgentPersistence.Idempotency;
using AgentPersistence.Jobs;
using AgentPersistence.Transactions;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentHost.Work;

/// <summary>Makes changes: each is approved by a person, made once, and can be undone.</summary>
public sealed class Changes(IAgentDatabase database, IApprovalStore approvals, RecordedTools tools)
{
    public async Task<ToolStep> MakeAsync(Conversation conversation, ToolCall call, Job job, CancellationToken cancellationToken)
    {
        var approval = await AskAsync(conversation, call, job, cancellationToken);
        return approval.Status switch
        {
            ApprovalStatus.Pending => new ToolStep(null, WaitsFor: approval.Id),
            ApprovalStatus.Approved => await TakeAsync(conversation, call, approval, cancellationToken),
            ApprovalStatus.Rejected => new ToolStep(null, $"{call.Name} was not allowed: {approval.Reason}."),
            _ => new ToolStep(null, $"Nobody has decided about {call.Name} in time."),
        };
    }

    /// <summary>Asks for the approval, or finds what has become of it; of an edited proposal, what has become of that.</summary>
    private async Task<Approval> AskAsync(Conversation conversation, ToolCall call, Job job, CancellationToken cancellationToken)
    {
        var asked = new NewApproval
        {
            Id = Script.StableId("approval", conversation.Id, call.Number),
            ThreadId = job.ThreadId,
            JobId = job.Id,
            ProposalText = $"{call.Name} for {conversation.CustomerId ?? "a customer"}?",
            Action = JsonSerializer.SerializeToElement(new { tool = call.Name, arguments = call.Arguments }),
            RequestedBy = "agent",
        };
        var approval = await approvals.CreateAsync(asked, cancellationToken);
        while (approval is { Status: ApprovalStatus.Superseded, SupersededBy: { } next })
        {
            approval = (await approvals.FindAsync(next, cancellationToken))!;
        }

        return approval;
    }

    /// <summary>The claim, the approval's use, the change, its journal entry and the answer are one commit: all or nothing.</summary>
    private async Task<ToolStep> TakeAsync(Conversation conversation, ToolCall call, Approval approval, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var key = IdempotencyKey.From(conversation.Id, call.Name, call.Arguments);
        var claim = await transaction.Idempotency.BeginAsync(
            new IdempotencyRequest { Key = key, Scope = Script.Platform, TimeToLive = TimeSpan.FromDays(365) }, cancellationToken);
        if (claim.Disposition != IdempotencyDisposition.Acquired)
        {
            // Made before: by this job before a crash, or by an earlier call for the same.
            return claim.Disposition == IdempotencyDisposition.Replay
                ? new ToolStep(claim.Result)
                : throw new IdempotencyInFlightException(key, claim.RetryAfter);
        }

        var (output, refusal) = await CallAsync(call, cancellationToken);
        if (refusal is not null)
        {
            // Nothing is committed: the approval is not used up by a tool that has changed nothing.
            return new ToolStep(output, refusal);
        }

        await transaction.Approvals.ConsumeAsync(approval.Id, approval.Action, cancellationToken);
        var change = await HostTable.AddAsync(transaction, Script.RunIdOf(conversation), call.Name, cancellationToken);
        await transaction.Transactions.BeginAsync(
            new NewTransaction
            {
                IdempotencyKey = $"{conversation.Id}/{call.Number}",
                RunId = Script.RunIdOf(conversation),
                UserId = conversation.CustomerId,
                Action = call.Name,
                Input = call.Arguments,
                RollbackData = JsonSerializer.SerializeToElement(change),
                Status = TransactionStatus.Completed,
            },
            cancellationToken);
        await transaction.Idempotency.CompleteAsync(claim, output, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ToolStep(output);
    }

    private async Task<(JsonElement? Output, string? Refusal)> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await tools.RunAsync(call, cancellationToken);
            return (answer.Output, answer.Refusal);
        }
        catch (TimeoutException silent)
        {
            return (null, silent.Message);
        }
    }
}
