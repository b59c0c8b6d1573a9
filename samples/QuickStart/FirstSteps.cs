// <readme>
using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Auditing;
using AgentPersistence.Idempotency;
using AgentPersistence.Sessions;
using Microsoft.Extensions.DependencyInjection;
// </readme>

namespace QuickStart;

/// <summary>The README's first lines; a test compares the two.</summary>
public static class FirstSteps
{
    public static async Task RunAsync()
    {
        // <readme>
        await using var services = new ServiceCollection()
            .AddAgentPersistence(options => options.UseSqlite("Data Source=agent.sqlite"))
            .Services.BuildServiceProvider();
        await services.GetRequiredService<IAgentDatabase>().MigrateAsync();

        var session = await services.GetRequiredService<ISessionStore>().CreateAsync(new NewSession { UserId = "mia" });

        var booking = new IdempotencyRequest { Key = IdempotencyKey.From(session.Id, "book_seat", "HAT136"), OnCrash = CrashPolicy.Block };
        var seat = await services.GetRequiredService<IIdempotencyCache>().ExecuteAsync(booking, _ => Task.FromResult("12A"));

        var audit = services.GetRequiredService<IAuditLogger>();
        await audit.LogAsync(new AuditEntry { SessionId = session.Id, Action = "book_seat", Output = JsonElement.Parse($"\"{seat}\"") });

        var proof = await services.GetRequiredService<IAuditVerifier>().VerifyAsync();
        Console.WriteLine($"Seat {seat}. Audit log: {proof.Verified} rows, intact: {proof.IsIntact}");
        // </readme>
    }
}
