using AgentHost;
using AgentHost.Hosting;
using AgentHost.Work;
using AgentPersistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using QuickStart.Conversations;
using QuickStart.Playing;

const int Done = 0, Failed = 1, BadArguments = 2;

var arguments = Arguments.Parse(args);
if (arguments.Error is not null)
{
    Console.Error.WriteLine($"{arguments.Error}\n\n{Arguments.Usage}");
    return BadArguments;
}

if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return Done;
}

try
{
    using var host = Build(new Script(ConversationFile.Read(arguments.ConversationsPath)));
    var report = host.Services.GetRequiredService<Report>();
    await host.RunAsync();
    return report.IsShown ? Done : Stop();
}
catch (OperationCanceledException)
{
    return Stop();
}
catch (ConversationFileException e)
{
    Console.Error.WriteLine(e.Message);
    return BadArguments;
}
catch (Exception e) when (e is AgentPersistenceException or System.Data.Common.DbException or IOException)
{
    var database = arguments.PostgreSql is null ? Arguments.SqliteFile : "the PostgreSQL server";
    Console.Error.WriteLine($"{e.GetBaseException().Message}\nSee that {database} can be reached and written.");
    return Failed;
}

static int Stop()
{
    Console.Error.WriteLine("Stopped. The next start goes on from here.");
    return Failed;
}

IHost Build(Script script)
{
    var builder = Host.CreateApplicationBuilder();
    // What keeps the host from starting is said above, without its stack; the standard output is the report's.
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
    builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.Services.AddAgentPersistence(UseDatabase).AddJobHandler<TurnHandler>(TurnHandler.Mode, worker =>
    {
        // What a killed process held is claimed again that much later.
        worker.Lease = TimeSpan.FromSeconds(2);
        worker.PollInterval = TimeSpan.FromMilliseconds(250);
    });
    builder.Services.AddSingleton(script).AddSingleton<RecordedTools>().AddSingleton<HostTable>();
    builder.Services.AddSingleton<Turns>().AddSingleton<ModelCalls>().AddSingleton<ToolCalls>().AddSingleton<Changes>();
    builder.Services.AddSingleton<Failures>().AddSingleton<Stores>().AddSingleton<Report>();
    builder.Services.AddHostedService<ScriptedApprover>().AddHostedService<Conductor>();
    return builder.Build();
}

void UseDatabase(AgentPersistenceOptions options)
{
    _ = arguments.PostgreSql is { } server
        ? options.UsePostgreSql(server)
        : options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = Arguments.SqliteFile }.ConnectionString);
    (options.Jobs.RetryDelay, options.Jobs.LongestRetryDelay) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
}
