using AgentPersistence.Auditing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentPersistence.Tests.Auditing;

public sealed class AuditOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Nonsense=1")]
    [InlineData("Username=only")]
    public void A_malformed_maintenance_connection_is_refused_by_name(string connectionString)
    {
        using var services = Build(connectionString);

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IAuditMaintenance>());

        Assert.Contains("Auditing.MaintenanceConnectionString", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Host=localhost;Username=maintenance")]
    public async Task A_maintenance_connection_is_optional(string? connectionString)
    {
        await using var services = Build(connectionString);

        Assert.NotNull(services.GetRequiredService<IAuditMaintenance>());
    }

    private static ServiceProvider Build(string? maintenance)
    {
        var services = new ServiceCollection();
        services.AddAgentPersistence(options => options.UsePostgreSql("Host=localhost").Auditing.MaintenanceConnectionString = maintenance);
        return services.BuildServiceProvider();
    }
}
