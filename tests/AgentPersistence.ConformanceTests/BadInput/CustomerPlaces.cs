using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Customers;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class CustomerPlaces
{
    private const string Table = "agent_customer_context";

    private static string Id => Guid.CreateVersion7().ToString();

    public static IEnumerable<Place> All =>
    [
        Place.Of("SetAsync.customerId", PlaceKind.Key, Table, async (agent, value) =>
            (await SetAsync(agent, value!, new CustomerContextUpdate())).CustomerId),
        Place.Of("RecordInteractionAsync.customerId", PlaceKind.Key, Table, async (agent, value) =>
            (await RecordAsync(agent, value!, new CustomerInteraction())).CustomerId),
        Place.Of("CustomerContextUpdate.CustomNotes", PlaceKind.OptionalJson, Table, async (agent, value) =>
            (await SetAsync(agent, Id, new CustomerContextUpdate { CustomNotes = value })).CustomNotes),
        Place.Of("CustomerContextUpdate.LastInteractionDate", PlaceKind.Time, Table, async (agent, value) =>
            (await SetAsync(agent, Id, new CustomerContextUpdate { LastInteractionDate = value })).LastInteractionDate),
        Place.Of("CustomerInteraction.Notes", PlaceKind.OptionalJson, Table, async (agent, value) =>
            (await RecordAsync(agent, Id, new CustomerInteraction { Notes = value })).CustomNotes),
        Place.Of("CustomerInteraction.OccurredAt", PlaceKind.TimeOrNow, Table, async (agent, value) =>
            (await RecordAsync(agent, Id, new CustomerInteraction { OccurredAt = value })).LastInteractionDate),
        Place.Lookup("FindAsync.customerId", Table, (agent, value) => agent.Customers.FindAsync(value)),
        Place.Lookup("DeleteAsync.customerId", Table, (agent, value) => agent.Customers.DeleteAsync(value)),
    ];

    private static async Task<CustomerContext> SetAsync(Agent agent, string id, CustomerContextUpdate update)
    {
        var set = await agent.Customers.SetAsync(id, update);
        Assert.Equal(set, await agent.Customers.FindAsync(id));
        return set;
    }

    private static async Task<CustomerContext> RecordAsync(Agent agent, string id, CustomerInteraction interaction)
    {
        var recorded = await agent.Customers.RecordInteractionAsync(id, interaction);
        Assert.Equal(recorded, await agent.Customers.FindAsync(id));
        return recorded;
    }
}
