using AgentPersistence.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentPersistence.Tests.Tokens;

public sealed class TokenOptionsTests
{
    public static TheoryData<string, Action<TokenOptions>> Bad => new()
    {
        { nameof(TokenOptions.Currency), o => o.Currency = "usd" },
        { nameof(TokenOptions.Currency), o => o.Currency = null! },
        { nameof(TokenOptions.ReservationTimeToLive), o => o.ReservationTimeToLive = TimeSpan.Zero },
        { nameof(TokenOptions.ReservationTimeToLive), o => o.ReservationTimeToLive = TimeSpan.FromDays(8) },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Options_that_cannot_be_are_refused_by_name(string name, Action<TokenOptions> set)
    {
        using var services = Build(set);

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ITokenLedger>());

        Assert.Contains("AgentPersistenceOptions.Tokens: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_dollars_ten_minutes_and_no_prices()
    {
        using var services = Build(_ => { });

        var options = services.GetRequiredService<IOptions<AgentPersistenceOptions>>().Value.Tokens;

        Assert.Equal(("USD", TimeSpan.FromMinutes(10), null), (options.Currency, options.ReservationTimeToLive, options.Pricing));
        Assert.NotNull(services.GetRequiredService<ITokenLedger>());
    }

    private static ServiceProvider Build(Action<TokenOptions> set)
    {
        var services = new ServiceCollection();
        services.AddAgentPersistence(options => set(options.UsePostgreSql("Host=localhost").Tokens));
        return services.BuildServiceProvider();
    }
}
