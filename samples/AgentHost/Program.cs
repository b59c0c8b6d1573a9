using AgentHost;
using AgentHost.Hosting;
using AgentHost.Work;
using AgentPersistence.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuickStart.Conversations;
using QuickStart.Playing;

const int Done = 0, Stopped = 1, BadArguments = 2;

var arguments = Arguments.Parse(args);
if (arguments.Error is not null)
{
    Console.Error.WriteLine($"{arguments.Error}\n\n{Arguments.Usage}");
    return BadArguments;
}

IReadOnlyList<Conversation> conversations;
try
{
    conversations = ConversationFile.Read(arguments.ConversationsPath ?? ConversationFile.OwnConversations);
}
catch (ConversationFileException e)
{
    Console.Error.WriteLine(e.Message);
    return BadArguments;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddAgentPersistence(options =>
    {
        _ = arguments.PostgreSql is { } server ? options.UsePostgreSql(server) : options.UseSqlite(Arguments.SqliteConnectionString);

        // Short, so that what a killed process held goes on soon.
        options.Jobs.Lease = TimeSpan.FromSeconds(5);
        options.Jobs.RetryDelay = TimeSpan.FromMilliseconds(500);
    })
    .AddJobHandler<TurnHandler>(JobModes.Answer);
builder.Services.AddSingleton(new Script(conversations)).AddSingleton<RecordedTools>().AddSingleton<HostTable>();
builder.Services.AddSingleton<Turns>().AddSingleton<ModelCalls>().AddSingleton<ToolCalls>().AddSingleton<Changes>();
builder.Services.AddSingleton<Failures>().AddSingleton<Stores>().AddSingleton<Report>();
builder.Services.AddHostedService<ScriptedApprover>().AddHostedService<Conductor>();
using var host = builder.Build();
var report = host.Services.GetRequiredService<Report>();
await host.RunAsync();
if (!report.IsShown)
{
    Console.Error.WriteLine("Stopped. The next start goes on from here.");
}

return report.IsShown ? Done : Stopped;
