using AgentPersistence.Approvals;
using Microsoft.Extensions.Hosting;
using QuickStart.Playing;

namespace AgentHost.Hosting;

/// <summary>Stands for the people who decide: it reads what waits for them, as a screen would, and decides by a script.</summary>
public sealed class ScriptedApprover(IApprovalStore approvals) : BackgroundService
{
    private const string Edited = " (checked with the customer)";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var approval in await approvals.QueryAsync(new ApprovalQuery(), stoppingToken))
            {
                await DecideAsync(approval, stoppingToken);
            }

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
                // Edited first; the edited proposal then waits for a decision like any other.
                var edited = new NewApproval
                {
                    Id = Script.StableId("edited", approval.Id),
                    ProposalText = approval.ProposalText + Edited,
                    Action = approval.Action,
                    RequestedBy = "mia",
                };
                await approvals.SupersedeAsync(approval.Id, edited, cancellationToken);
            }
            else if (ToolRules.Denies(tool) || tool.Contains("certificate", StringComparison.Ordinal))
            {
                await approvals.ResolveAsync(approval.Id, ApprovalDecision.Reject, "tom", "a person must speak to them", cancellationToken);
            }
            else
            {
                await approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", "in line with the policy", cancellationToken);
            }
        }
        catch (ApprovalConflictException)
        {
            // Another process' people were faster.
        }
    }
}
