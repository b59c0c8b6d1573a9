namespace AgentPersistence.Tests.Database;

public sealed class DatabaseChoiceTests
{
    [Theory]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=:memory:;Cache=Shared")]
    [InlineData("Data Source=agent;Mode=Memory")]
    [InlineData("Data Source=file:agent?mode=memory&cache=shared")]
    [InlineData("Data Source=file::memory:?cache=shared")]
    public void A_database_in_memory_needs_a_name_and_a_shared_cache(string connectionString)
    {
        var refused = Assert.Throws<ArgumentException>(() => new AgentPersistenceOptions().UseSqlite(connectionString));

        Assert.Contains("Mode=Memory;Cache=Shared", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=agent;Mode=Memory;Cache=Shared")]
    [InlineData("Data Source=agent.sqlite")]
    public void A_file_and_a_shared_database_in_memory_are_accepted(string connectionString) =>
        Assert.NotNull(new AgentPersistenceOptions().UseSqlite(connectionString));
}
