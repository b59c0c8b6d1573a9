using System.Text.Json;
using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Sessions;

/// <summary>What is saved: a conversation that grows from one message to twenty, as in the peers' scripts, and then begins anew.</summary>
internal static class SessionStates
{
    public const int Steps = 20;

    private static readonly JsonElement[] States = [.. Enumerable.Range(0, 8 * Steps).Select(State)];

    /// <summary>The state that a caller saves after so many saves.</summary>
    public static JsonElement At(int caller, long save) => States[(caller % 8 * Steps) + (save % Steps)];

    public static string Id(int caller) => $"session-{caller}";

    /// <summary>A session for each caller.</summary>
    public static Task CreateAsync(IDatabases databases, string connectionString, int callers)
    {
        var (sql, now) = (databases.Sql, databases.Sql.SecondsAgo("0"));
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_sessions (id, user_id, status, version, created_at, last_activity, write_id)
            SELECT 'session-' || n, 'user-' || n, 'active', 1, {now}, {now}, {sql.Id("n")} FROM {sql.Series(callers)}
            """);
    }

    /// <summary>How many saves the database has seen.</summary>
    public static Task<long> CountAsync(string connectionString) =>
        PostgreSqlDatabases.ScalarAsync<long>(connectionString, "SELECT CAST(sum(version - 1) AS bigint) FROM agent_sessions");

    private static JsonElement State(int number) => JsonSerializer.SerializeToElement(new
    {
        messages = Enumerable.Range(0, (number % Steps) + 1).Select(step => new
        {
            role = step % 2 == 0 ? "user" : "assistant",
            content = MessageTexts.At(number - (number % Steps) + step),
        }),
    });
}
