using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class SessionPlaces
{
    private const string Table = "agent_sessions";

    public static IEnumerable<Place> All =>
    [
        Place.Of("NewSession.Id", PlaceKind.MadeKey, Table, async (agent, value) =>
        {
            var created = await agent.Sessions.CreateAsync(new NewSession { Id = value });
            return (await agent.Sessions.FindAsync(created.Id))?.Id;
        }),
        Place.Of("NewSession.UserId", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            var created = await agent.Sessions.CreateAsync(new NewSession { UserId = value });
            return (await agent.Sessions.FindAsync(created.Id))?.UserId;
        }),
        Place.Of("NewSession.CurrentIntent", PlaceKind.Name, Table, async (agent, value) =>
        {
            var created = await agent.Sessions.CreateAsync(new NewSession { CurrentIntent = value });
            return (await agent.Sessions.FindAsync(created.Id))?.CurrentIntent;
        }),
        Place.Of("NewSession.State", PlaceKind.OptionalJson, Table, async (agent, value) =>
        {
            var created = await agent.Sessions.CreateAsync(new NewSession { State = value });
            return (await agent.Sessions.FindAsync(created.Id))?.State;
        }),
        new Place("SessionUpdate.State", PlaceKind.Json, Table, async agent =>
        {
            var id = (await agent.Sessions.CreateAsync(new NewSession())).Id;
            return async value =>
            {
                await agent.Sessions.SaveStateAsync(id, new SessionUpdate { State = (System.Text.Json.JsonElement)value! });
                return (await agent.Sessions.FindAsync(id))?.State;
            };
        }),
        new Place("SessionUpdate.CurrentIntent", PlaceKind.Name, Table, async agent =>
        {
            var id = (await agent.Sessions.CreateAsync(new NewSession())).Id;
            return async value =>
            {
                await agent.Sessions.SaveStateAsync(id, Update with { CurrentIntent = (string?)value });
                return (await agent.Sessions.FindAsync(id))?.CurrentIntent;
            };
        }),
        Place.Of("SessionQuery.UserId", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            if (value is null)
            {
                await agent.Sessions.QueryAsync(new SessionQuery { Limit = 1 });
                return null;
            }

            await agent.Sessions.QueryAsync(new SessionQuery { UserId = value });
            await agent.Sessions.CreateAsync(new NewSession { UserId = value });
            return (await agent.Sessions.QueryAsync(new SessionQuery { UserId = value, Limit = 1 })).Single().UserId;
        }),
        Place.Lookup("SessionQuery.After", Table, (agent, value) =>
            agent.Sessions.QueryAsync(new SessionQuery { Limit = 1, After = new AgentSession { Id = value } })),
        Place.Lookup("FindAsync.sessionId", Table, (agent, value) => agent.Sessions.FindAsync(value)),
        Place.Lookup("SaveStateAsync.sessionId", Table, (agent, value) => agent.Sessions.SaveStateAsync(value, Update)),
        Place.Lookup("EndAsync.sessionId", Table, (agent, value) => agent.Sessions.EndAsync(value)),
        Place.Lookup("DeleteAsync.sessionId", Table, (agent, value) => agent.Sessions.DeleteAsync(value)),
    ];

    private static SessionUpdate Update => new() { State = GivenJson.Parse("1") };
}
