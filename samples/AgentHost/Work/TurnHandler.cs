using System.Text.Json;
using AgentPersistence.Jobs;
using QuickStart.Conversations;

namespace AgentHost.Work;

/// <summary>Which turn a job answers.</summary>
public sealed record TurnPayload(string Conversation, int Turn);

/// <summary>
/// Answers one message of a customer. A job may be run again after a crash, or go on after an approval: what it has done before is found by
/// its id, and not done twice.
/// </summary>
public sealed class TurnHandler(Script script, ModelCalls model, ToolCalls tools, Failures failures, Turns turns) : IJobHandler
{
    public const string Mode = $"{Script.Host}.{JobModes.Answer}";

    private static readonly TimeSpan LongestDecision = TimeSpan.FromHours(1);

    public async Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default)
    {
        var payload = context.Job.Payload!.Value.Deserialize<TurnPayload>(JsonSerializerOptions.Web)!;
        if (script.Find(payload.Conversation) is not { } conversation)
        {
            // Of another file: it waits until that is played again.
            return JobOutcome.Snooze(TimeSpan.FromMinutes(1));
        }

        var refused = new List<Refusal>();
        var isAffordable = await model.SpendAsync(conversation, payload.Turn, context.Job, cancellationToken);
        foreach (var call in isAffordable ? conversation.Turns[payload.Turn].Calls : [])
        {
            var step = await tools.RunAsync(conversation, call, context.Job, cancellationToken);
            if (step.WaitsFor is { } approvalId)
            {
                return JobOutcome.WaitForApproval(approvalId, LongestDecision);
            }

            if (step.Refusal is { } reason)
            {
                refused.Add(await failures.RecordAsync(conversation, $"call-{call.Number}", call.Name, reason, cancellationToken));
            }
        }

        if (!isAffordable)
        {
            refused.Add(await failures.RecordAsync(
                conversation, $"turn-{payload.Turn}", "token_budget", "There is no budget left for this.", cancellationToken));
        }

        await turns.AnswerAsync(conversation, payload.Turn, context.Claim, refused, cancellationToken);
        return JobOutcome.Settled;
    }
}
