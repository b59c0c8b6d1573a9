using System.ComponentModel.DataAnnotations;
using AgentPersistence;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Jobs;
using AgentPersistence.Jobs.Hosting;
using AgentPersistence.Jobs.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers handlers of jobs.</summary>
public static class AgentPersistenceJobsExtensions
{
    /// <summary>Runs a worker in this host that claims jobs of one mode and gives each to a handler.</summary>
    /// <typeparam name="THandler">The handler; registered as scoped, unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">What <c>AddAgentPersistence()</c> returned.</param>
    /// <param name="mode">The mode; as <see cref="NewJob.Mode"/>.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Each call adds a worker of its own.</remarks>
    /// <exception cref="ArgumentException">The mode breaks its rule.</exception>
    /// <exception cref="ValidationException">An option is out of range.</exception>
    public static IAgentPersistenceBuilder AddJobHandler<THandler>(
        this IAgentPersistenceBuilder builder, string mode, Action<JobHandlerOptions>? configure = null)
        where THandler : class, IJobHandler => AddJobHandler<THandler>(builder, [mode], configure);

    /// <summary>Runs a worker in this host that claims jobs of several modes, by priority, and gives each to a handler.</summary>
    /// <typeparam name="THandler">The handler; registered as scoped, unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">What <c>AddAgentPersistence()</c> returned.</param>
    /// <param name="modes">The modes, 1 to 100; each as <see cref="NewJob.Mode"/>.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Each call adds a worker of its own.</remarks>
    /// <exception cref="ArgumentException">A mode breaks its rule, or there is none, or there are too many.</exception>
    /// <exception cref="ValidationException">An option is out of range.</exception>
    public static IAgentPersistenceBuilder AddJobHandler<THandler>(
        this IAgentPersistenceBuilder builder, IReadOnlyList<string> modes, Action<JobHandlerOptions>? configure = null)
        where THandler : class, IJobHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new JobHandlerOptions();
        configure?.Invoke(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var work = new JobWork(typeof(THandler), JobClaimRequest.CheckModes(modes), options);
        builder.Services.TryAddScoped<THandler>();

        // Not by AddHostedService, which would add one worker for all handlers.
        builder.Services.AddSingleton<IHostedService>(sp => new JobWorker(
            work,
            sp.GetRequiredService<OwnConnectionExecutor>(),
            sp.GetRequiredService<IJobQueue>(),
            sp.GetRequiredService<JobSignals>(),
            sp.GetRequiredService<IServiceScopeFactory>(),
            (sp.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(typeof(JobWorker).FullName!)));
        return builder;
    }
}
