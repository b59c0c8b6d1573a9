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
    // As long as a customer, a queue or a browser may send the same request again.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public async Task<ToolStep> MakeAsync(Conversation conversation, ToolCall call, Job job, CancellationToken cancellationToken)
    {
        var approval = await ProposeAsync(conversation, call, job, cancellationToken);
        return approval.Status switch
        {
            ApprovalStatus.Pending => new ToolStep(null, WaitsFor: approval.Id),
            ApprovalStatus.Approved => await MakeOnceAsync(conversation, call, approval, cancellationToken),
            ApprovalStatus.Rejected => new ToolStep(null, $"{call.Name} was not allowed: {approval.Reason}."),
            _ => new ToolStep(null, $"Nobody has decided about {call.Name} in time."),
        };
    }

    /// <summary>Asks for the approval, or finds what has become of it; of an edited proposal, what has become of that.</summary>
    private async Task<Approval> ProposeAsync(Conversation conversation, ToolCall call, Job job, CancellationToken cancellationToken)
    {
        var proposal = new NewApproval
        {
            Id = Script.StableId("approval", conversation.Id, call.Number),
            ThreadId = job.ThreadId,
            JobId = job.Id,
            ProposalText = $"{call.Name} for {conversation.CustomerId ?? "a customer"}",
            Action = JsonSerializer.SerializeToElement(new { tool = call.Name, arguments = call.Arguments }),
            RequestedBy = Script.Host,
        };
        var approval = await approvals.CreateAsync(proposal, cancellationToken);
        while (approval is { Status: ApprovalStatus.Superseded, SupersededBy: { } edited })
        {
            approval = (await approvals.FindAsync(edited, cancellationToken))!;
        }

        return approval;
    }

    /// <summary>The claim, the approval's use, the change, its journal entry and the answer are one commit: all or nothing.</summary>
    private async Task<ToolStep> MakeOnceAsync(
        Conversation conversation, ToolCall call, Approval approval, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var request = new IdempotencyRequest
        {
            Key = IdempotencyKey.From(conversation.Id, call.Name, call.Arguments),
            Scope = Script.Host,
            TimeToLive = Remembered,
        };
        var claim = await transaction.Idempotency.BeginAsync(request, cancellationToken);
        if (claim.Disposition == IdempotencyDisposition.Replay)
        {
            // Made before: by this job before a crash, or by an earlier call for the same.
            return new ToolStep(claim.Result);
        }

        var answer = await ToolCalls.AskAsync(tools, call, cancellationToken);
        if (answer.Refusal is not null)
        {
            // Nothing is committed: a tool that has changed nothing uses up neither the approval nor the key.
            return answer;
        }

        await transaction.Approvals.ConsumeAsync(approval.Id, approval.Action, cancellationToken);
        await ChangeAsync(transaction, conversation, call, cancellationToken);
        await transaction.Idempotency.CompleteAsync(claim, answer.Output, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    private static async Task ChangeAsync(
        IAgentTransaction transaction, Conversation conversation, ToolCall call, CancellationToken cancellationToken)
    {
        var run = Script.RunIdOf(conversation);
        var change = await HostTable.AddAsync(transaction, run, call, cancellationToken);
        var undoable = new NewTransaction
        {
            IdempotencyKey = $"{run}/{call.Number}",
            RunId = run,
            UserId = conversation.CustomerId,
            Action = call.Name,
            Input = call.Arguments,
            RollbackData = JsonSerializer.SerializeToElement(change),
            Status = TransactionStatus.Completed,
        };
        await transaction.Transactions.BeginAsync(undoable, cancellationToken);
    }
}
