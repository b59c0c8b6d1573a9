using System.Text.Json;
using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>Stands for the agent's tools: each call gives the answer that was recorded. Counts how often a tool really ran.</summary>
public sealed class RecordedTools
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _runs);
        if (call.Answer is not { } answer)
        {
            return Task.FromException<ToolAnswer>(new TimeoutException($"{call.Name} did not answer."));
        }

        var isRefusal = answer.StartsWith("error", StringComparison.OrdinalIgnoreCase);
        return Task.FromResult(new ToolAnswer(ToJson(answer), isRefusal ? answer : null));
    }

    private static JsonElement ToJson(string answer)
    {
        try
        {
            return JsonElement.Parse(answer);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(answer);
        }
    }
}

/// <summary>What a tool gave back.</summary>
/// <param name="Output">The answer.</param>
/// <param name="Refusal">Why the tool refused and changed nothing; null when it did what it was asked.</param>
public sealed record ToolAnswer(JsonElement Output, string? Refusal);
