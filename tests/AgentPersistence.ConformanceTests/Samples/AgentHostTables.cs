using System.Globalization;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Samples;

/// <summary>What AgentHost has left in its tables, without what no two runs have in common: times, random ids, attempts.</summary>
internal static class AgentHostTables
{
    private static readonly string[] Names =
    [
        "host_changes", "agent_chat_threads", "agent_chat_messages", "agent_message_artifacts", "agent_reactive_jobs", "agent_approvals",
        "agent_idempotency_cache", "agent_transactions", "agent_token_ledger", "agent_token_budgets", "agent_token_reservations",
        "agent_incidents", "agent_confidence_history", "agent_run_metrics", "agent_audit_log", "agent_audit_staged",
    ];

    // The log's order is that in which the conversations went on, beside each other.
    private static readonly string[] Passing =
    [
        "_at", "_until", "_time", "_start", "duration_ms", "hash", "salt", "token", "epoch", "attempts", "worker", "is_takeover",
        "log.sequence", "search_key",
    ];

    public static async Task<IReadOnlyList<string>> ReadAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        var rows = new List<string>();
        foreach (var name in Names)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {name}";
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                var lasting = Enumerable.Range(0, reader.FieldCount)
                    .Where(i => !Passing.Any(end => $"{name}.{reader.GetName(i)}".EndsWith(end, StringComparison.Ordinal)))
                    .Select(i => $"{reader.GetName(i)}={Readable(reader.GetValue(i))}");
                rows.Add($"{name}: {string.Join(", ", lasting)}");
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Readable(object value)
    {
        var text = value is Array array ? string.Join(' ', array.Cast<object>()) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return Guid.TryParse(text.Trim('"'), out _) ? "an id" : text;
    }
}
