using AgentHost.Work;
using AgentPersistence.Jobs;
using AgentPersistence.Tokens;
using Microsoft.Extensions.Hosting;
using QuickStart.Conversations;

namespace AgentHost.Hosting;

/// <summary>Lets every conversation begin, waits until all have ended, and says what happened.</summary>
public sealed class Conductor(
    Script script, Turns turns, ITokenLedger ledger, IJobQueue jobs, Report report, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await report.BeginAsync(stoppingToken);
        await ledger.SetBudgetAsync(ModelCalls.Budget, ModelCalls.Limit, stoppingToken);
        foreach (var conversation in script.Playable)
        {
            await turns.BeginAsync(conversation, stoppingToken);
        }

        foreach (var conversation in script.Playable)
        {
            await EndOfAsync(conversation, stoppingToken);
        }

        await report.ShowAsync(stoppingToken);
        lifetime.StopApplication();
    }

    private async Task EndOfAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < conversation.Turns.Count;)
        {
            var job = await jobs.FindAsync(Script.JobIdOf(conversation, turn), cancellationToken);
            switch (job?.Status)
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
