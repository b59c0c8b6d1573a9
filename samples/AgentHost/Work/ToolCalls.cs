using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Conversations;
using AgentPersistence.Jobs;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentHost.Work;

/// <summary>How one tool call went.</summary>
/// <param name="Output">What the tool gave back; null if nothing.</param>
/// <param name="Refusal">Why it was not done; null when it was.</param>
/// <param name="WaitsFor">The approval that somebody has to decide first; null for none.</param>
public sealed record ToolStep(JsonElement? Output, string? Refusal = null, Guid? WaitsFor = null);

/// <summary>Runs tool calls: what only looks something up at once, what changes something through <see cref="Changes"/>.</summary>
public sealed class ToolCalls(RecordedTools tools, Changes changes, IAgentDatabase database)
{
    public async Task<ToolStep> RunAsync(Conversation conversation, ToolCall call, Job job, CancellationToken cancellationToken)
    {
        var step = ToolRules.ChangesState(call.Name)
            ? await changes.MakeAsync(conversation, call, job, cancellationToken)
            : await AskAsync(tools, call, cancellationToken);
        if (step.WaitsFor is null)
        {
            await KeepAsync(call, step, job.ThreadId!.Value, cancellationToken);
        }

        return step;
    }

    /// <summary>Runs the tool itself; one that does not answer has refused.</summary>
    public static async Task<ToolStep> AskAsync(RecordedTools tools, ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await tools.RunAsync(call, cancellationToken);
            return new ToolStep(answer.Output, answer.Refusal);
        }
        catch (TimeoutException silent)
        {
            return new ToolStep(null, silent.Message);
        }
    }

    /// <summary>What the tool said, as a message with an artifact; after a crash it is there already.</summary>
    private async Task KeepAsync(ToolCall call, ToolStep step, Guid thread, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);
        var said = new NewMessage { Role = MessageRole.Tool, Text = call.Name, PlatformMessageId = $"tool-{call.Number}" };
        var message = await transaction.Conversations.AppendAsync(thread, said, cancellationToken);
        if (!message.AlreadyStored)
        {
            var result = step.Output ?? JsonSerializer.SerializeToElement(new { refused = step.Refusal });
            await transaction.Conversations.AddArtifactAsync(
                message.Id, new NewArtifact { Kind = ArtifactKind.ToolResult, Content = result }, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
