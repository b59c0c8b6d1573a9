using AgentPersistence.Metrics;
using QuickStart.Playing;

namespace QuickStart.Reports;

/// <summary>What this run did, and how all runs in the database went.</summary>
public sealed class RunReport(Screen screen, IMetricsRecorder metrics, RecordedTools tools)
{
    public void ShowPlayed(IReadOnlyList<PlayedConversation> played)
    {
        var rows = played.GroupBy(one => one.Play).OrderBy(group => group.Key).Select(group => new object?[]
        {
            NameOf(group.Key),
            group.Count(),
            group.Sum(one => one.Conversation.Turns.Count),
            group.Sum(one => one.Answers.Count),
            group.Sum(one => one.Made),
            group.Sum(one => one.Replayed),
            group.Sum(one => one.Refused),
        });
        screen.Show(
            $"What this run did (tools ran: {tools.Runs}). A change that was made before is answered from the cache.",
            ["Conversations", "Count", "Turns", "Tool calls", "Changes made", "From the cache", "Refused by the tool"],
            rows);
    }

    public async Task ShowOutcomesAsync(CancellationToken cancellationToken)
    {
        var all = await metrics.SummarizeRunsAsync(cancellationToken: cancellationToken);
        var rows = new List<object?[]>();
        foreach (var outcome in all.Outcomes.OrderByDescending(pair => pair.Value).Select(pair => pair.Key))
        {
            rows.Add(Row(outcome, await metrics.SummarizeRunsAsync(new RunQuery { FinalOutcome = outcome }, cancellationToken), all));
        }

        rows.Add(Row("all", all, all));
        screen.Show(
            "Runs by outcome, with durations that the database computed (a run lasts as long as its recording took).",
            ["Outcome", "Runs", "Share", "Mean", "Median", "95th percentile"],
            rows);
        var journeys = all.Journeys.OrderByDescending(pair => pair.Value.TotalRuns).ThenBy(pair => pair.Key, StringComparer.Ordinal);
        screen.Show(
            "Runs by journey: the first change that the agent tried to make.",
            ["Journey", "Runs", "Resolved", "Median"],
            journeys.Select(pair => new object?[]
            {
                pair.Key,
                pair.Value.TotalRuns,
                pair.Value.Outcomes.GetValueOrDefault(Outcomes.Resolved),
                Readable.Milliseconds(pair.Value.P50DurationMs),
            }));
    }

    private static object?[] Row(string name, RunSummary runs, RunSummary all) =>
    [
        name, runs.TotalRuns, $"{100.0 * runs.TotalRuns / Math.Max(1, all.TotalRuns):0} %", Readable.Milliseconds(runs.MeanDurationMs),
        Readable.Milliseconds(runs.P50DurationMs), Readable.Milliseconds(runs.P95DurationMs),
    ];

    private static string NameOf(Play play) => play switch
    {
        Play.Recorded => "recorded",
        Play.Resumed => "gone on with",
        Play.Repeated => "recorded before, changes asked for again",
        _ => "left to another process",
    };
}
