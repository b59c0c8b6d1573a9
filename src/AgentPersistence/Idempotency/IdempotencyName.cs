namespace AgentPersistence.Idempotency;

/// <summary>How messages name a key.</summary>
internal static class IdempotencyName
{
    public static string Of(string key, string scope) => scope is "" ? $"'{key}'" : $"'{key}' in scope '{scope}'";
}
