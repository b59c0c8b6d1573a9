using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Sessions;
using AgentPersistence.Sessions;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Sessions of which one in ten has ended and a hundred have expired; a user has twenty, and one began each second.</summary>
internal static class SessionGrowth
{
    private const int SessionsOfUser = 20;
    private const int Expired = 100;

    public static GrowingTable Table { get; } = new("sessions", FillAsync,
    [
        Calling("find", (sessions, rows) => sessions.FindAsync(AnyActive(rows))),
        Calling("by user, 20", (sessions, rows) => sessions.QueryAsync(
            new SessionQuery { UserId = Numbered.Hex(Numbered.Any(rows) / SessionsOfUser) })),
        Querying("active", new SessionQuery { Status = SessionStatus.Active }),
        Querying("completed", new SessionQuery { Status = SessionStatus.Completed }),
        Querying($"expired, {Expired}", new SessionQuery { Status = SessionStatus.Expired }),
        Querying("newest", new SessionQuery()),

        // After the reads, because a small table soon has more old versions of its rows than rows.
        Save(callers: 1),
        Save(callers: 64),
        Calling("create", (sessions, _) => sessions.CreateAsync(New())) with { Adds = true },
        Calling("create and end", async (sessions, _) => await sessions.EndAsync(
            (await sessions.CreateAsync(New())).Id)) with { Adds = true },
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, state) = (databases.Sql, SessionStates.At(0, 1).GetRawText().Replace("'", "''", StringComparison.Ordinal));
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_sessions (
                id, user_id, state, current_intent, status, version, created_at, last_activity, expires_at, time_to_live, write_id)
            SELECT {sql.Hex("n")}, {sql.Hex($"n / {SessionsOfUser}")}, '{state}', 'book_flight',
                CASE WHEN n % 10 = 0 THEN 'completed' ELSE 'active' END, 1, {sql.At("n")}, {sql.At("n")},
                CASE WHEN n % {rows / Expired} = 1 THEN {sql.At("n")} ELSE {sql.SecondsAgo("-86400")} END, 86400000000, {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Save(int callers) => Calling("save", (sessions, rows) =>
        sessions.SaveStateAsync(AnyActive(rows), new SessionUpdate { State = SessionStates.At(0, Numbered.Any(rows)) })) with
    {
        Callers = callers,
    };

    private static Operation Calling(string name, Func<ISessionStore, long, Task> call) => Operation.On(name, call);

    private static Operation Querying(string name, SessionQuery query) =>
        Calling(name, (sessions, _) => sessions.QueryAsync(query));

    private static NewSession New() => new() { UserId = Guid.NewGuid().ToString("N"), TimeToLive = TimeSpan.FromDays(1) };

    // Those that have expired end with 1.
    private static string AnyActive(long rows) => Numbered.Hex((Numbered.Any(rows / 10) * 10) + 2 + Numbered.Any(8));
}
