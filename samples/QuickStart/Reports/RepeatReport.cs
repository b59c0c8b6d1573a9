using AgentPersistence.Idempotency;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace QuickStart.Reports;

/// <summary>Sends a request that was already carried out once more, from several callers at once.</summary>
public sealed class RepeatReport(Screen screen, ToolRunner runner, RecordedTools tools, IIdempotencyCache idempotency)
{
    private const int Callers = 3;

    public async Task ShowAsync(Featured featured, CancellationToken cancellationToken)
    {
        if (featured.Change is not { } change)
        {
            screen.Say("No conversation made a change, so there is no request to repeat.");
            return;
        }

        var request = ToolRunner.RequestFor(featured.Conversation, change);
        var stored = await idempotency.FindAsync(request.Key, request.Scope, cancellationToken);
        var before = tools.Runs;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => runner.AskOnceAsync(featured.Conversation, change, cancellationToken)));
        screen.Show(
            $"A repeated request: {change.Name}, asked for by {Callers} more callers at once; the cache answers, the tool does not run.",
            ["Request", "Carried out", "Key", "Answer", "Tool ran"],
            [
                Row("the first", stored?.CreatedAt, request, stored?.Result, "once"),
                .. answers.Select((answer, i) => Row($"again, {i + 1}", null, request, answer.Output, answer.Replayed ? "no" : "yes")),
                ["in all", null, null, null, $"{tools.Runs - before} times more"],
            ]);
    }

    private static object?[] Row(string name, DateTimeOffset? at, IdempotencyRequest request, object? answer, string ran) =>
        [name, at, $"{request.Key[..11]}…", answer, ran];
}
