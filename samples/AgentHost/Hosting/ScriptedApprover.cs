using AgentPersistence.Approvals;
using Microsoft.Extensions.Hosting;

namespace AgentHost.Hosting;

/// <summary>Stands for the people who decide: it reads what waits for them, as a screen would, and decides by a script.</summary>
public sealed class ScriptedApprover(IApprovalStore approvals) : BackgroundService
{
    private const string Clerk = "mia", Lead = "tom";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Approval? last = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var waiting = await approvals.QueryAsync(new ApprovalQuery { After = last }, stoppingToken);
            foreach (var approval in waiting.Where(approval => approval.RequestedBy == Script.Host))
            {
                await DecideAsync(approval, stoppingToken);
            }

            // Page after page, then from the beginning.
            last = waiting is [.., var newest] ? newest : null;
            await Task.Delay(Glance, stoppingToken);
        }
    }

    private async Task DecideAsync(Approval approval, CancellationToken cancellationToken)
    {
        var tool = approval.Action.GetProperty("tool").GetString()!;
        try
        {
            if (tool.StartsWith("cancel", StringComparison.Ordinal) && approval.Supersedes is null)
            {
                await EditAsync(approval, cancellationToken);
            }
            else if (tool.Contains("refund", StringComparison.Ordinal) || tool.Contains("certificate", StringComparison.Ordinal))
            {
                await approvals.ResolveAsync(
                    approval.Id, ApprovalDecision.Reject, Lead, "money is given back by a person", cancellationToken);
            }
            else
            {
                await approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, Clerk, "in line with the policy", cancellationToken);
            }
        }
        catch (ApprovalConflictException)
        {
            // The people of another process were faster.
        }
    }

    /// <summary>The edited proposal takes the first one's place, and waits for a decision like any other.</summary>
    private Task<Approval> EditAsync(Approval approval, CancellationToken cancellationToken)
    {
        var edited = new NewApproval
        {
            Id = Script.StableId("edited", approval.Id),
            ProposalText = $"{approval.ProposalText} (the customer was told what it costs)",
            Action = approval.Action,
            RequestedBy = Script.Host,
        };
        return approvals.SupersedeAsync(approval.Id, edited, cancellationToken);
    }
}
