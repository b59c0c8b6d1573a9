using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Customers;

namespace AgentPersistence.Benchmarks.Growth.Tables;

internal static class CustomerGrowth
{
    private static readonly JsonElement Notes = JsonElement.Parse("""{"language":"de","tier":"gold"}""");

    public static GrowingTable Table { get; } = new("customers", FillAsync,
    [
        Calling("find", (customers, rows) => customers.FindAsync(AnyId(rows))),
        Calling("set", (customers, rows) => customers.SetAsync(AnyId(rows), new CustomerContextUpdate { CustomNotes = Notes })),
        Calling("record an interaction", (customers, rows) => customers.RecordInteractionAsync(AnyId(rows), new CustomerInteraction())),
        Calling("the first of a new one", (customers, _) => customers.RecordInteractionAsync(
            Guid.NewGuid().ToString("N"), new CustomerInteraction())) with { Adds = true },
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_customer_context (
                customer_id, last_interaction_date, total_interactions, total_denials, custom_notes, version, write_id)
            SELECT {sql.Hex(FillingSql.Scatter("n"))}, {sql.At("n")}, 3, 1, '{Notes.GetRawText()}', 1, {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Calling(string name, Func<ICustomerContextStore, long, Task> call) => Operation.On(name, call);

    private static string AnyId(long rows) => Numbered.Hex(FillingSql.Scatter(Numbered.Any(rows)));
}
