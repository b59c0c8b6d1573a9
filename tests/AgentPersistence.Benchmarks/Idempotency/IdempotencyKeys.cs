using System.Globalization;
using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Idempotency;

internal static class IdempotencyKeys
{
    /// <summary>How many keys are completed before replays are measured.</summary>
    public const int Replayed = 1_000;

    public static JsonElement Result { get; } = JsonElement.Parse(
        """{"booking":"HAT136-12A","price":214.50,"currency":"USD","status":"confirmed"}""");

    public static string Key(long number) => string.Create(CultureInfo.InvariantCulture, $"v1:{(ulong)number * 0x9E3779B97F4A7C15:x16}");

    public static Task<long> CountAsync(string connectionString) => PostgreSqlDatabases.ScalarAsync<long>(
        connectionString, "SELECT count(*) FROM agent_idempotency_cache WHERE state = 'completed'");
}
