using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.Benchmarks.StartUp;

/// <summary>What a started process does: one durable write, and then it says so.</summary>
internal static class FirstWrite
{
    public const string Command = "first-write";
    public const string Done = "stored";

    /// <param name="arguments">Who writes (library or ef), the kind of database, and its connection string.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var (writer, isSqlite, connectionString) = (arguments[0], arguments[1] == "sqlite", arguments[2]);
        await (writer == "library" ? LogAsync(isSqlite, connectionString) : SaveAsync(isSqlite, connectionString));
        Console.WriteLine(Done);
    }

    private static async Task LogAsync(bool isSqlite, string connectionString)
    {
        await using var services = new ServiceCollection()
            .AddAgentPersistence(options => _ = isSqlite ? options.UseSqlite(connectionString) : options.UsePostgreSql(connectionString))
            .Services.BuildServiceProvider();
        await services.GetRequiredService<IAuditLogger>().LogAsync(new AuditEntry
        {
            UserId = "mia",
            Action = "book_seat",
            Input = JsonElement.Parse("""{"seat":"12A"}"""),
        });
    }

    private static async Task SaveAsync(bool isSqlite, string connectionString)
    {
        AgentPersistenceDbContext context =
            isSqlite ? UncompiledSqliteDbContext.Create(connectionString) : UncompiledPostgreSqlDbContext.Create(connectionString);
        await using (context)
        {
            var (id, now) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow);
            context.AuditEntries.Add(new AuditEntryEntity
            {
                Id = id,
                ActionId = id,
                Sequence = now.Ticks,
                UserId = "mia",
                Action = "book_seat",
                InputData = """{"seat":"12A"}""",
                Status = EnumText<AuditStatus>.From(AuditStatus.Success),
                OccurredAt = now,
                CreatedAt = now,
                PersonalHash = new byte[AuditHash.Length],
                Hash = new byte[AuditHash.Length],
            });
            await context.SaveChangesAsync();
        }
    }
}
