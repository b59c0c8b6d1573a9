using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Whoever waits for a held thread lets another have the connection so often, and can be withdrawn then.
    private const string BriefLockWait = "set_config('lock_timeout', '250ms', true)";

    // Planning the append anew would cost a lone caller more than running it; one plan serves any number of rows.
    private const string KeptPlan = "set_config('plan_cache_mode', 'force_generic_plan', true)";

    // Differs because writers meet here: a shared commit that waited for a host's transaction could be what that waits for.
    public override SqlStatement LockFreeThreads => field ??= Statement($$"""
        WITH {{LockedThreads}}
        SELECT thread.{ChatThread.Id}, locked.head
        FROM {ChatThread} AS thread LEFT JOIN locked ON locked.id = thread.{ChatThread.Id}
        WHERE thread.{ChatThread.Id} {{AnyOf("@threads")}}
        """);

    public override bool AppendsMessagesAtOnce => true;

    protected override string HeadLock => "FOR NO KEY UPDATE";

    private static string MessageArrays => string.Join(", ", MessageRows.Columns.Columns.Select((_, i) => $"@c{i}"));

    private string LockedThreads => $$"""
        locked AS (
            SELECT {ChatThread.Id} AS id, {ChatThread.HeadSequence} AS head
            FROM {ChatThread} WHERE {ChatThread.Id} {{AnyOf("@threads")}}
            ORDER BY {ChatThread.Id} {{HeadLock}} SKIP LOCKED)
        """;

    private SqlStatement AppendMessages => field ??= Statement($$"""
        SELECT {{BriefLockWait}}, {{KeptPlan}};
        WITH given AS (SELECT * FROM unnest({{MessageArrays}}) AS given({{MessageColumns("")}})),
        repeated AS (
            SELECT 1 FROM given
            WHERE (
                SELECT stored.{ChatMessage.Id} FROM {ChatMessage} AS stored
                WHERE stored.{ChatMessage.ThreadId} = given.{ChatMessage.ThreadId}
                    AND stored.{ChatMessage.PlatformMessageId} = given.{ChatMessage.PlatformMessageId}) IS NOT NULL),
        {{LockedThreads}},
        free AS (SELECT locked.id, locked.head FROM locked WHERE NOT EXISTS (SELECT 1 FROM repeated)),
        advanced AS (
            UPDATE {ChatThread} AS thread
            SET {ChatThread.HeadSequence} = free.head + added.count, {ChatThread.UpdatedAt} = {{Clock}}
            FROM free JOIN (SELECT {ChatMessage.ThreadId} AS id, count(*) AS count FROM given GROUP BY 1) AS added ON added.id = free.id
            WHERE thread.{ChatThread.Id} = free.id),
        appended AS (
            INSERT INTO {ChatMessage} ({{MessageColumns("")}})
            SELECT {{MessageColumns("given.")}} + free.head FROM given JOIN free ON free.id = given.{ChatMessage.ThreadId})
        SELECT thread.{ChatThread.Id}, locked.head, EXISTS (SELECT 1 FROM repeated)
        FROM {ChatThread} AS thread LEFT JOIN locked ON locked.id = thread.{ChatThread.Id}
        WHERE thread.{ChatThread.Id} {{AnyOf("@threads")}}
        """);

    public override async Task<List<ThreadHead>?> AppendMessagesAsync(
        UnitOfWork unit, IReadOnlyList<ChatMessageEntity> rows, CancellationToken cancellationToken)
    {
        var answers = await unit.Command(AppendMessages)
            .Ids("threads", [.. rows.Select(r => r.ThreadId).Distinct()]).Rows(MessageRows.Columns.Columns, rows)
            .ReadAllAsync(row => (Head: ThreadHead.Read(row), IsRepeated: row.Flag(2)), cancellationToken, skipResults: 1)
            .ConfigureAwait(false);
        return answers.Exists(a => a.IsRepeated) ? null : answers.ConvertAll(a => a.Head);
    }

    public override async Task BoundLockWaitAsync(UnitOfWork unit, CancellationToken cancellationToken) =>
        await unit.Command(Statement($"SELECT {BriefLockWait}")).ExecuteAsync(cancellationToken).ConfigureAwait(false);

    public override bool IsLockTimeout(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    protected override string KeepFromDeletion(string table) => $"FOR KEY SHARE OF {table}";

    protected override string Pairs(string parameter) =>
        $"(SELECT CAST(pair.value ->> 0 AS uuid) AS owner, pair.value ->> 1 AS value FROM json_array_elements({parameter}) AS pair)";

    // The sequence is the last of them.
    private string MessageColumns(string prefix) =>
        string.Join(", ", MessageRows.Columns.Columns.Select(c => prefix + Table<ChatMessageEntity>().FindColumn(c.Property)));
}
