using AgentPersistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuickStart;
using QuickStart.Conversations;
using QuickStart.Playing;
using QuickStart.Reports;

const int Done = 0, Failed = 1, BadArguments = 2;

var commandLine = CommandLine.Parse(args);
if (commandLine.Error is not null)
{
    Console.Error.WriteLine($"{commandLine.Error}\n\n{CommandLine.Usage}");
    return BadArguments;
}

if (commandLine.Help)
{
    Console.WriteLine(CommandLine.Usage);
    return Done;
}

try
{
    if (commandLine.FirstSteps)
    {
        await FirstSteps.RunAsync();
        return Done;
    }

    await RecordAndShowAsync(ConversationFile.Read(commandLine.ConversationsPath ?? ConversationFile.OwnConversations));
    return Done;
}
catch (ConversationFileException e)
{
    Console.Error.WriteLine(e.Message);
    return BadArguments;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped. The next run goes on from here.");
    return Failed;
}
catch (Exception e) when (e is AgentPersistenceException or System.Data.Common.DbException or IOException)
{
    Console.Error.WriteLine($"{e.GetBaseException().Message}\nSee that {Screen.NameOf(commandLine)} can be reached and written.");
    return Failed;
}

async Task RecordAndShowAsync(IReadOnlyList<Conversation> conversations)
{
    var builder = Host.CreateApplicationBuilder();
    // What keeps the host from starting is said below, without its stack.
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    builder.Services.AddAgentPersistence(options =>
        _ = commandLine.PostgreSql is { } server ? options.UsePostgreSql(server) : options.UseSqlite(commandLine.ConnectionString));
    builder.Services.AddSingleton<RecordedTools>().AddSingleton<ToolRunner>().AddSingleton<ConversationPlayer>();
    builder.Services.AddSingleton(commandLine).AddSingleton<Screen>();
    builder.Services.AddSingleton<RunReport>().AddSingleton<TrailReport>().AddSingleton<RepeatReport>().AddSingleton<ChainReport>();
    using var host = builder.Build();

    host.Services.GetRequiredService<Screen>().Announce(conversations.Count, commandLine);

    // Starting the host brings the tables up to date.
    await host.StartAsync();
    var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    var played = await host.Services.GetRequiredService<ConversationPlayer>().PlayAllAsync(conversations, stopping);
    await ShowAsync(host.Services, played, stopping);
    await host.StopAsync(CancellationToken.None);
}

static async Task ShowAsync(IServiceProvider services, IReadOnlyList<PlayedConversation> played, CancellationToken cancellationToken)
{
    var runs = services.GetRequiredService<RunReport>();
    var trails = services.GetRequiredService<TrailReport>();
    var featured = Featured.Of(played);
    runs.ShowPlayed(played);
    await runs.ShowOutcomesAsync(cancellationToken);
    await trails.ShowTrailAsync(featured, cancellationToken);
    await trails.ShowCustomersAsync(played, cancellationToken);
    await services.GetRequiredService<RepeatReport>().ShowAsync(featured, cancellationToken);
    await services.GetRequiredService<ChainReport>().ShowAsync(featured, cancellationToken);
}
