using System.Text.Json;
using AgentPersistence.Jobs;

namespace AgentHost.Work;

/// <summary>Which turn a job answers.</summary>
public sealed record TurnPayload(string Conversation, int Turn);

/// <summary>
/// Answers one message of a customer. A job may be run again after a crash, or go on after an approval: what it has done before is found by
/// its id, and not done twice.
/// </summary>
public sealed class TurnHandler(Script script, ModelCalls model, ToolCalls tools, Turns turns) : IJobHandler
{
    private static readonly TimeSpan LongestDecision = TimeSpan.FromHours(1);

    public async Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default)
    {
        var payload = context.Job.Payload!.Value.Deserialize<TurnPayload>(JsonSerializerOptions.Web)!;
        if (script.Find(payload.Conversation) is not { } conversation)
        {
            // Of another file: it waits until that is played again.
            return JobOutcome.Snooze(TimeSpan.FromMinutes(1));
        }

        if (!await model.SpendAsync(conversation, payload.Turn, context.Job, cancellationToken))
        {
            return JobOutcome.Fail("The budget is used up.", retry: false);
        }

        var refusals = new List<string>();
        foreach (var call in conversation.Turns[payload.Turn].Calls)
        {
            var step = await tools.RunAsync(conversation, call, context.Job, cancellationToken);
            if (step.WaitsFor is { } approvalId)
            {
                return JobOutcome.WaitForApproval(approvalId, LongestDecision);
            }

            refusals.AddRange(step.Refusal is { } refusal ? [refusal] : Array.Empty<string>());
        }

        await turns.AnswerAsync(conversation, payload.Turn, context.Claim, refusals, cancellationToken);
        return JobOutcome.Settled;
    }
}
