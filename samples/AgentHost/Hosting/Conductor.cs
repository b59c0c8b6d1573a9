using AgentHost.Work;
using AgentPersistence.Jobs;
using Microsoft.Extensions.Hosting;
using QuickStart.Conversations;

namespace AgentHost.Hosting;

/// <summary>Lets every conversation begin, waits until all have ended, and has it said what happened.</summary>
public sealed class Conductor(
    Script script, Turns turns, ModelCalls model, IJobQueue jobs, Report report, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await report.BeginAsync(stoppingToken);
        await model.SetBudgetAsync(stoppingToken);
        foreach (var conversation in script.Conversations)
        {
            await turns.BeginAsync(conversation, stoppingToken);
        }

        foreach (var conversation in script.Conversations)
        {
            await WaitForEndAsync(conversation, stoppingToken);
        }

        await report.ShowAsync(stoppingToken);
        lifetime.StopApplication();
    }

    /// <summary>Each turn's job enqueues the next one's in the commit that ends it.</summary>
    private async Task WaitForEndAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < conversation.Turns.Count;)
        {
            switch ((await jobs.FindAsync(Script.JobIdOf(conversation, turn), cancellationToken))?.Status)
            {
                case JobStatus.Done:
                    turn++;
                    break;
                case JobStatus.Failed or JobStatus.Canceled:
                    return;
                default:
                    await Task.Delay(Glance, cancellationToken);
                    break;
            }
        }
    }
}
