using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Sessions;
using AgentPersistence.Sessions;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Sessions of which one in ten has ended; a user has twenty, and one began each second.</summary>
internal static class SessionGrowth
{
    private const int SessionsOfUser = 20;

    public static GrowingTable Table { get; } = new("sessions", FillAsync,
    [
        Save(callers: 1),
        Save(callers: 64),
        new("create", (agent, _) => Calling(agent, sessions => sessions.CreateAsync(new NewSession { UserId = "mia" }))) { Adds = true },
        new("find", (agent, rows) => Calling(agent, sessions => sessions.FindAsync(Id(AnyActive(rows))))),
        new("by user", (agent, rows) => Querying(agent, () => new SessionQuery { UserId = Id(AnyActive(rows) / SessionsOfUser) })),
        new("by status", (agent, _) => Querying(agent, () => new SessionQuery { Status = SessionStatus.Completed })),
        new("newest", (agent, _) => Querying(agent, () => new SessionQuery())),
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, ago) = (databases.Sql, databases.Sql.SecondsAgo($"{rows} - n"));
        var state = SessionStates.At(0, 1).GetRawText().Replace("'", "''", StringComparison.Ordinal);
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_sessions (id, user_id, state, current_intent, status, version, created_at, last_activity, write_id)
            SELECT {sql.Hex("n")}, {sql.Hex($"n / {SessionsOfUser}")}, '{state}', 'book_flight',
                CASE WHEN n % 10 = 0 THEN 'completed' ELSE 'active' END, 1, {ago}, {ago}, {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Save(int callers) => new("save", (agent, rows) => Calling(agent, sessions =>
    {
        var any = AnyActive(rows);
        return sessions.SaveStateAsync(Id(any), new SessionUpdate { State = SessionStates.At(0, any) });
    }))
    {
        Callers = callers,
    };

    private static Func<Task> Querying(Agent agent, Func<SessionQuery> query) =>
        Calling(agent, sessions => sessions.QueryAsync(query()));

    private static Func<Task> Calling(Agent agent, Func<ISessionStore, Task> call)
    {
        var sessions = agent.Get<ISessionStore>();
        return () => call(sessions);
    }

    private static string Id(long number) => number.ToString("x10", CultureInfo.InvariantCulture);

    private static long AnyActive(long rows) => (Random.Shared.NextInt64(rows / 10) * 10) + 1 + Random.Shared.NextInt64(9);
}
