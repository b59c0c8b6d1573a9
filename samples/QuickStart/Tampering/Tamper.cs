using AgentPersistence.Auditing;
using Microsoft.Extensions.DependencyInjection;

namespace QuickStart.Tampering;

/// <summary>Shows that a changed row is found.</summary>
public static class Tamper
{
    /// <summary>Changes one row of a copy and verifies the copy.</summary>
    public static async Task<AuditVerification> ChangeAndVerifyAsync(LogCopy copy, long sequence, CancellationToken cancellationToken)
    {
        await copy.ChangeInputAsync(sequence, cancellationToken);
        var services = new ServiceCollection();
        services.AddAgentPersistence(copy.Use);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IAuditVerifier>().VerifyAsync(cancellationToken: cancellationToken);
    }
}
