using System.Globalization;
using AgentPersistence.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// A host with one worker. It says `ready`, runs jobs until it is told `bye`, stops as a host does, and says `stopped`. The effect of a job is
/// a row of `effects` under its idempotency key, in the transaction that completes it.
/// </summary>
/// <remarks>Arguments: kind, connection string, mode, jobs at once, how long one takes on average in milliseconds, lease in milliseconds.</remarks>
internal static class JobWorkCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (kind, connectionString, mode) = (arguments[0], arguments[1], arguments[2]);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        await using var database = new AgentHost(kind, connectionString);
        builder.Services.AddSingleton(database).AddSingleton(new Pace(Number(arguments[4])));
        builder.Services
            .AddAgentPersistence(o => _ = kind == "Sqlite" ? o.UseSqlite(connectionString) : o.UsePostgreSql(connectionString))
            .AddJobHandler<EffectHandler>(mode, o =>
            {
                o.Concurrency = Number(arguments[3]);
                o.Lease = TimeSpan.FromMilliseconds(Number(arguments[5]));
                o.PollInterval = TimeSpan.FromMilliseconds(200);
            });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine("ready");
        while (await StandardInput.ReadLineAsync() is not "bye")
        {
            // Nothing else is understood.
        }

        await host.StopAsync();
        Console.WriteLine("stopped");
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Pace(int Milliseconds);

    private sealed class EffectHandler(AgentHost database, IAgentDatabase agent, Pace pace) : IJobHandler
    {
        public async Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Random.Shared.Next(pace.Milliseconds * 2), cancellationToken);
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var enlisted = agent.Enlist(transaction);
            await AgentHost.ExecuteAsync(connection, $"INSERT INTO effects (name) VALUES ('{context.IdempotencyKey}')", transaction);
            await enlisted.Jobs.CompleteAsync(context.Claim, cancellationToken: cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return JobOutcome.Settled;
        }
    }
}
