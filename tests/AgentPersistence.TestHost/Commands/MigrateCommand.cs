using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.TestHost.Commands;

/// <summary>`migrate Sqlite|PostgreSql connection-string`: says `ready`, waits for a line, migrates, says `migrated`.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var services = new ServiceCollection()
            .AddAgentPersistence(o => _ = arguments[0] == "Sqlite" ? o.UseSqlite(arguments[1]) : o.UsePostgreSql(arguments[1]))
            .Services.BuildServiceProvider();
        var database = services.GetRequiredService<IAgentDatabase>();
        Console.WriteLine("ready");
        await StandardInput.ReadLineAsync();
        await database.MigrateAsync();
        Console.WriteLine("migrated");
        return 0;
    }
}
