namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Makes the library's tables in the template of all test databases.</summary>
internal static class TestSchema
{
    public static async Task MigrateAsync(TestDatabase database)
    {
        await using var agent = new Agent(database);
        await agent.Database.MigrateAsync();
    }
}
