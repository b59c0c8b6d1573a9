using System.ComponentModel.DataAnnotations;
using AgentPersistence.Jobs;
using AgentPersistence.Jobs.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentPersistence.Tests.Jobs;

public sealed class JobHandlerOptionsTests
{
    public static TheoryData<Action<JobHandlerOptions>> BadOptions => new()
    {
        o => o.Concurrency = 0,
        o => o.Concurrency = 1_001,
        o => o.Prefetch = -1,
        o => o.Prefetch = 1_001,
        o => o.Lease = TimeSpan.FromMilliseconds(99),
        o => o.PollInterval = TimeSpan.FromMilliseconds(9),
    };

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public void An_option_out_of_range_is_refused_where_it_is_set(Action<JobHandlerOptions> configure)
    {
        var builder = new ServiceCollection().AddAgentPersistence();

        Assert.Throws<ValidationException>(() => builder.AddJobHandler<Handler>(JobModes.Plan, configure));
    }

    [Fact]
    public void A_mode_that_cannot_be_is_refused_where_it_is_named()
    {
        var builder = new ServiceCollection().AddAgentPersistence();

        Assert.Equal("modes", Assert.Throws<ArgumentException>(() => builder.AddJobHandler<Handler>(" ")).ParamName);
        Assert.Equal("modes", Assert.Throws<ArgumentException>(() => builder.AddJobHandler<Handler>([])).ParamName);
    }

    [Fact]
    public async Task Each_registration_is_a_worker_of_its_own_and_each_job_has_a_handler_of_its_own()
    {
        await using var services = new ServiceCollection()
            .AddAgentPersistence(o => o.UseSqlite("Data Source=none.sqlite"))
            .AddJobHandler<Handler>(JobModes.Classify).AddJobHandler<Handler>([JobModes.Plan, JobModes.Execute]).Services
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        await using var scope = services.CreateAsyncScope();

        Assert.Equal(2, services.GetServices<IHostedService>().Count(s => s.GetType().Name == "JobWorker"));
        Assert.NotNull(scope.ServiceProvider.GetRequiredService<Handler>());
        Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<Handler>());
    }

    [Fact]
    public async Task The_defaults_of_jobs_are_checked_with_all_options()
    {
        await using var services = new ServiceCollection()
            .AddAgentPersistence(o => o.Jobs.RetryDelay = TimeSpan.Zero).Services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<AgentPersistenceOptions>>().Value);

        Assert.Contains("AgentPersistenceOptions.Jobs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 3.75, 6.25)]
    [InlineData(2, 7.5, 12.5)]
    [InlineData(5, 60, 100)]
    [InlineData(1_000, 2_700, 3_600)]
    public void Delays_double_with_every_attempt_and_are_bounded(int attempt, double least, double most)
    {
        var delays = Enumerable.Range(0, 200).Select(_ => RetryDelays.Next(attempt, new JobOptions()).TotalSeconds).ToList();

        Assert.All(delays, d => Assert.InRange(d, least, most));
        Assert.True(delays.Distinct().Count() > 1);
    }

    private sealed class Handler : IJobHandler
    {
        public Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
