using AgentPersistence.Internal.Sql;
using AgentPersistence.Sessions;
using AgentPersistence.Sessions.Storage;

namespace AgentPersistence.Providers;

// By hand because the deadline is judged by the database's clock, and a save is one round trip that also returns the row.
internal abstract partial class SqlDialect
{
    // What its index holds: spelled like its filter.
    private const string ActiveSession = "'active'";

    public SqlStatement CreateSession => field ??= Statement($$"""
        INSERT INTO {Session} (
            {Session.Id}, {Session.UserId}, {Session.State}, {Session.CurrentIntent}, {Session.Status}, {Session.Version},
            {Session.CreatedAt}, {Session.LastActivity}, {Session.ExpiresAt}, {Session.TimeToLive}, {Session.WriteId})
        SELECT @id, @user_id, @state, @intent, @active, 1, t.now, t.now, {{After("t.now", "@time_to_live")}}, @time_to_live, @write_id
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT ({Session.Id}) DO NOTHING
        RETURNING {Session.*}, {{Clock}}
        """);

    public SqlStatement FindSession => field ??= Statement($$"""
        SELECT {Session.*}, {{Clock}} FROM {Session} WHERE {Session.Id} = @id
        """);

    // The clock is asked anew in each place: a row of a sub-select would keep the time from before a wait for somebody's lock.
    public SqlStatement SaveSession => field ??= Statement($$"""
        UPDATE {Session}
        SET {Session.State} = @state,
            {Session.CurrentIntent} = coalesce(@intent, {Session.CurrentIntent}),
            {Session.Version} = {Session.Version} + 1,
            {Session.LastActivity} = {{Clock}},
            {Session.ExpiresAt} = {{After(Clock, "{Session.TimeToLive}")}},
            {Session.WriteId} = @write_id
        WHERE {Session.Id} = @id AND {Session.WriteId} <> @write_id AND {{Filter("{Session.Status} = @active")}}
            AND ({Session.ExpiresAt} IS NULL OR {Session.ExpiresAt} > {{Clock}})
            AND (@expected_version IS NULL OR {Session.Version} = @expected_version)
        RETURNING {{SavedSession}}, {{Clock}}
        """);

    /// <summary>Saves those sessions among the given ones that nobody holds and that are as expected, and returns them.</summary>
    public SqlStatement SaveFreeSessions => field ??= Statement($$"""
        {{IndexPlan}}
        WITH free AS MATERIALIZED ({{FreeSessions(Given(SessionSave.Columns))}})
        UPDATE {Session}
        SET {Session.State} = given_state,
            {Session.CurrentIntent} = coalesce(given_intent, {Session.CurrentIntent}),
            {Session.Version} = {Session.Version} + 1,
            {Session.LastActivity} = {{Clock}},
            {Session.ExpiresAt} = {{After(Clock, "{Session.TimeToLive}")}},
            {Session.WriteId} = given_write
        FROM free
        WHERE {{RowPlace("{Session}")}} = place AND stands = @active
            AND ({Session.ExpiresAt} IS NULL OR {Session.ExpiresAt} > {{Clock}})
            AND (expected IS NULL OR {Session.Version} = expected)
        RETURNING {{SavedSession}}, {{Clock}}
        """);

    /// <summary>
    /// The SELECT of the rows <c>given</c> whose session nobody else holds, locked, with the <see cref="RowPlace"/> (place) and its status
    /// (stands): asked for outside, the index of the active ones would be read.
    /// </summary>
    protected abstract string FreeSessions(string given);

    // Whoever saves has the state, which can be long: it is not sent back.
    private string SavedSession
    {
        get
        {
            var table = Table<SessionEntity>();
            return string.Join(", ", table.Columns.Select(c => c == table.FindColumn(nameof(SessionEntity.State)) ? "NULL" : c));
        }
    }

    public SqlStatement EndSession => field ??= Statement($$"""
        UPDATE {Session}
        SET {Session.Status} = @status,
            {Session.Version} = {Session.Version} + 1,
            {Session.LastActivity} = {{Clock}},
            {Session.WriteId} = @write_id
        WHERE {Session.Id} = @id AND {{Filter("{Session.Status} = @active")}} AND ({Session.ExpiresAt} IS NULL OR {Session.ExpiresAt} > {{Clock}})
        RETURNING {Session.*}, {{Clock}}
        """);

    public SqlStatement DeleteSession => field ??= Statement("""
        DELETE FROM {Session} WHERE {Session.Id} = @id
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QuerySessions(SessionQuery query) => Statement(query.Status switch
    {
        null => SessionsThat(query, "true"),
        SessionStatus.Active =>
            SessionsThat(query, "{Session.Status} = @status AND ({Session.ExpiresAt} IS NULL OR {Session.ExpiresAt} > t.now)"),
        SessionStatus.Expired => InHalves(
            [SessionsThat(query, "{Session.Status} = @status"), .. LapsedSessions(query)],
            "{Session.*}, now",
            "{Session.CreatedAt} DESC, {Session.Id} DESC"),
        _ => SessionsThat(query, "{Session.Status} = @status"),
    });

    /// <summary>Those past their expiry that nobody has marked yet. A user has few sessions, and an index.</summary>
    private IEnumerable<string> LapsedSessions(SessionQuery query)
    {
        var lapsed = $"{{Session.Status}} = {ActiveSession} AND {{Session.ExpiresAt}} <= {PlannedClock}";
        return query.UserId is not null ? [SessionsThat(query, lapsed)] : ByIndexIfFew(
            "Session", "ix_agent_sessions_expires_at", lapsed, (condition, limit) => SessionsThat(query, condition, limit));
    }

    private string SessionsThat(SessionQuery query, string stand, string limit = "@limit") => $$"""
        SELECT {Session.*}, t.now
        FROM {Session} CROSS JOIN (SELECT {{Clock}} AS now) AS t
        WHERE {{stand}}
            {{(query.UserId is null ? "" : "AND {Session.UserId} = @user_id")}}
            {{(query.From is null ? "" : "AND {Session.CreatedAt} >= @from")}}
            {{(query.After is null ? "" : "AND ({Session.CreatedAt}, {Session.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Session.CreatedAt} DESC, {Session.Id} DESC
        LIMIT {{limit}}
        """;
}
