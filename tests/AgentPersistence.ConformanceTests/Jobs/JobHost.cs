using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.ConformanceTests.Jobs;

internal delegate Task<JobOutcome> Handle(JobContext context, CancellationToken cancellationToken);

/// <summary>A host of its own with one worker, whose handler is the test's.</summary>
internal sealed class JobHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly RecordedLog _log;

    private JobHost(IHost host, RecordedLog log) => (_host, _log) = (host, log);

    public IJobQueue Jobs => _host.Services.GetRequiredService<IJobQueue>();

    public IApprovalStore Approvals => _host.Services.GetRequiredService<IApprovalStore>();

    public IAgentDatabase Database => _host.Services.GetRequiredService<IAgentDatabase>();

    public IReadOnlyList<string> Log => _log.Lines;

    public static async Task<JobHost> StartAsync(
        TestDatabase database, string mode, Handle handle, Action<JobHandlerOptions>? configure = null, Action<AgentPersistenceOptions>? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new RecordedLog();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        builder.Services.AddSingleton(handle);
        builder.Services
            .AddAgentPersistence(o =>
            {
                _ = database.Kind == DatabaseKind.Sqlite ? o.UseSqlite(database.ConnectionString) : o.UsePostgreSql(database.ConnectionString);
                options?.Invoke(o);
            })
            .AddJobHandler<GivenHandler>(mode, o =>
            {
                o.PollInterval = TimeSpan.FromMilliseconds(50);
                configure?.Invoke(o);
            });
        var host = builder.Build();
        await host.StartAsync();
        return new JobHost(host, log);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class GivenHandler(Handle handle) : IJobHandler
    {
        public Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default) => handle(context, cancellationToken);
    }

    private sealed class RecordedLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel} {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
