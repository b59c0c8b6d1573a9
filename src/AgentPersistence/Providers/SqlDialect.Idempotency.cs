using AgentPersistence.Idempotency;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because every deadline is judged by the database's clock, and because a begin writes and then reads in one round trip.
internal abstract partial class SqlDialect
{
    private const string InProgress = "'in_progress'";
    private const string Released = "'released'";
    private const string Completed = "'completed'";
    private const string Indeterminate = "'indeterminate'";
    private const string Retry = "'retry'";
    private const string Block = "'block'";

    protected const string OfKey = "{Idempotency.Scope} = @scope AND {Idempotency.IdempotencyKey} = @key";
    private const string IsLapsed = "{Idempotency.State} = " + InProgress + " AND {Idempotency.LeaseUntil} <= t.now";

    // Nobody is somebody too: a request without a user does not get what a user was answered.
    private const string IsSameRequest = """
        {Idempotency.UserId} IS NOT DISTINCT FROM @user_id
            AND ({Idempotency.Fingerprint} IS NULL OR @fingerprint IS NULL OR {Idempotency.Fingerprint} = @fingerprint)
        """;

    // An expired row counts as absent, whatever it holds; a released or lapsed one is resumed by the same request only.
    private const string Move = $$"""
        CASE
            WHEN {Idempotency.ExpiresAt} <= t.now THEN 'start over'
            WHEN NOT ({{IsSameRequest}}) THEN NULL
            WHEN {Idempotency.State} = {{Released}} THEN 'resume'
            WHEN {{IsLapsed}} AND {Idempotency.OnCrash} = {{Retry}} AND @on_crash = {{Retry}} THEN 'resume'
            WHEN {{IsLapsed}} THEN 'suspend'
            WHEN {Idempotency.Fingerprint} IS NULL AND @fingerprint IS NOT NULL THEN 'keep'
        END
        """;

    /// <summary>
    /// Claims a key that is new; changes nothing where it is not, or another transaction is about to claim it. Null where a key is better
    /// read first (<see cref="WritesExcludeEachOther"/>).
    /// </summary>
    public virtual SqlStatement? ClaimNewIdempotent(bool inTransaction) => null;

    /// <summary>
    /// The same for many keys, in one commit: it waits for no transaction of a caller's, and returns scope, key and token of each claim that
    /// it has stored. Null where a key is better read first.
    /// </summary>
    public virtual SqlStatement? ClaimNewIdempotentKeys => null;

    /// <summary>
    /// Claims a key where it may be claimed, and then reads it. The read is a statement of its own, because one that also wrote would
    /// see what was there before it waited. A row that may not be claimed is not locked, and no transaction is waited for: what one
    /// holds is left as it was.
    /// </summary>
    public SqlStatement BeginIdempotent => field ??= Statement(BeginStatements(inTransaction: false));

    /// <summary>The same inside a transaction, which keeps the key to itself until it ends.</summary>
    public SqlStatement BeginIdempotentInTransaction => field ??= Statement(BeginStatements(inTransaction: true));

    public SqlStatement FindIdempotent => field ??= Statement(ReadStatement);

    /// <summary>What a key was answered, for the same request; no row where anything else is to be said of it, or done.</summary>
    public SqlStatement FindReplay => field ??= Statement($$"""
        SELECT {Idempotency.Epoch}, {Idempotency.ResultData} FROM {Idempotency}
        WHERE {{OfKey}} AND {{IsReplay("@user_id", "@fingerprint")}}
        """);

    /// <summary>
    /// The same for many requests: the place of each, whether its result is too long to be sent with others, and what it was answered. Null
    /// where a begin reads the whole row first.
    /// </summary>
    public virtual SqlStatement? FindReplays => null;

    // The clock is asked anew in each place, here and below: a sub-select would keep the time from before a wait for the row.
    public SqlStatement RenewIdempotent => field ??= Statement($$"""
        UPDATE {Idempotency}
        SET {Idempotency.LeaseUntil} = {{After(Clock, "{Idempotency.Lease}")}},
            {Idempotency.ExpiresAt} = {{ClaimExpiry("{Idempotency.OnCrash}", Clock, "{Idempotency.Lease}", "{Idempotency.TimeToLive}")}}
        WHERE {{OfKey}} AND {Idempotency.Token} = @token AND {Idempotency.State} = {{InProgress}}
        """);

    /// <summary>Stores the outcome of a claim; of an indeterminate one too, for its holder knows.</summary>
    public SqlStatement SettleIdempotent => field ??= Statement($$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = @state, {Idempotency.ResultData} = @result, {Idempotency.Error} = @error,
            {Idempotency.LeaseUntil} = NULL,
            {Idempotency.ExpiresAt} = {{After(Clock, "{Idempotency.TimeToLive}")}}
        WHERE {{OfKey}} AND {Idempotency.Token} = @token AND {Idempotency.State} IN ({{InProgress}}, {{Indeterminate}})
        """);

    /// <summary>Stores the outcomes of those claims that nobody holds and that are as expected; returns scope, key and token of each.</summary>
    public SqlStatement SettleFreeIdempotent => field ??= Statement($$"""
        {{IndexPlan}}
        WITH free AS MATERIALIZED ({{FreeIdempotent(Given(IdempotencySettlement.Columns))}})
        UPDATE {Idempotency}
        SET {Idempotency.State} = free.state, {Idempotency.ResultData} = free.result, {Idempotency.Error} = free.error,
            {Idempotency.LeaseUntil} = NULL,
            {Idempotency.ExpiresAt} = {{After(Clock, "{Idempotency.TimeToLive}")}}
        FROM free
        WHERE {{RowPlace("{Idempotency}")}} = free.place AND {Idempotency}.{Idempotency.Token} = free.token
            AND {Idempotency}.{Idempotency.State} IN ({{InProgress}}, {{Indeterminate}})
        RETURNING {Idempotency}.{Idempotency.Scope}, {Idempotency.IdempotencyKey}, {Idempotency}.{Idempotency.Token}
        """);

    /// <summary>The SELECT of the rows <c>given</c> whose key nobody else holds, locked, with the <see cref="RowPlace"/> (place).</summary>
    protected abstract string FreeIdempotent(string given);

    /// <summary>The holder itself does not know the outcome.</summary>
    public SqlStatement AbandonIdempotent => field ??= Statement($$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = {{Indeterminate}}, {Idempotency.LeaseUntil} = NULL, {Idempotency.ExpiresAt} = NULL
        WHERE {{OfKey}} AND {Idempotency.Token} = @token AND {Idempotency.State} = {{InProgress}}
        """);

    /// <summary>An operator's outcome; its own token shuts out the holder's.</summary>
    public SqlStatement ResolveIdempotent => field ??= Statement($$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = @state, {Idempotency.ResultData} = @result, {Idempotency.Error} = @error,
            {Idempotency.Token} = @token,
            {Idempotency.ExpiresAt} = {{After(Clock, "{Idempotency.TimeToLive}")}}
        WHERE {{OfKey}} AND {Idempotency.State} = {{Indeterminate}}
        """);

    protected string IsReplay(string user, string fingerprint) => $$"""
        {Idempotency.State} = {{Completed}} AND {Idempotency.ExpiresAt} > {{Clock}}
            AND {Idempotency.UserId} IS NOT DISTINCT FROM {{user}}
            AND ({{fingerprint}} IS NULL OR {Idempotency.Fingerprint} = {{fingerprint}})
        """;

    private string ReadStatement => $$"""
        SELECT {Idempotency.*}, {{Clock}} FROM {Idempotency} WHERE {{OfKey}}
        """;

    /// <summary>What a begin makes of a row that it finds; nothing where it may not be claimed, or another transaction has locked it.</summary>
    private string MoveRow => $$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = CASE t.move WHEN 'suspend' THEN {{Indeterminate}} WHEN 'keep' THEN {Idempotency.State} ELSE {{InProgress}} END,
            {Idempotency.Fingerprint} =
                CASE t.move WHEN 'start over' THEN @fingerprint ELSE coalesce({Idempotency.Fingerprint}, @fingerprint) END,
            {{OnClaim("{Idempotency.UserId}", "@user_id")}},
            {{OnClaim("{Idempotency.Token}", "@token")}},
            {{OnClaim("{Idempotency.Epoch}", "{Idempotency.Epoch} + 1")}},
            {{OnClaim("{Idempotency.IsTakeover}", "{Idempotency.State} = " + InProgress)}},
            {{OnClaim("{Idempotency.OnCrash}", "@on_crash")}},
            {{OnClaim("{Idempotency.Lease}", "@lease")}},
            {{OnClaim("{Idempotency.TimeToLive}", "@time_to_live")}},
            {{OnClaim("{Idempotency.ResultData}", "NULL")}},
            {{OnClaim("{Idempotency.Error}", "NULL")}},
            {Idempotency.LeaseUntil} =
                CASE t.move WHEN 'suspend' THEN NULL WHEN 'keep' THEN {Idempotency.LeaseUntil} ELSE {{After("t.now", "@lease")}} END,
            {Idempotency.ExpiresAt} =
                CASE t.move WHEN 'suspend' THEN NULL WHEN 'keep' THEN {Idempotency.ExpiresAt}
                ELSE {{ClaimExpiry("@on_crash", "t.now", "@lease", "@time_to_live")}} END,
            {Idempotency.CreatedAt} = CASE t.move WHEN 'start over' THEN t.now ELSE {Idempotency.CreatedAt} END
        FROM (
            SELECT t.now, {{Move}} AS move
            FROM {Idempotency} CROSS JOIN (SELECT {{Clock}} AS now) AS t
            WHERE {{OfKey}} AND {Idempotency.Token} <> @token AND {{Move}} IS NOT NULL
            {{SkipLocked("{Idempotency}")}}) AS t
        WHERE {{OfKey}}
        """;

    /// <summary>
    /// A condition that takes the lock of the key until the transaction ends; false, without waiting, where another transaction holds it.
    /// A lock is for rows that others cannot see yet.
    /// </summary>
    protected abstract string TryLockKey(string scope, string key, bool inTransaction);

    private string BeginStatements(bool inTransaction) => $"{InsertClaim(inTransaction)};\n{MoveRow};\n{ReadStatement}";

    protected string InsertClaim(bool inTransaction) => InsertClaims(
        """
        (SELECT @scope AS scope, @key AS key, @user_id AS user_id, @fingerprint AS fingerprint, @token AS token, @on_crash AS on_crash,
            @lease AS lease, @time_to_live AS time_to_live) AS given
        """,
        inTransaction);

    /// <summary>A key that is taken is not even tried: the index would wait for whoever is changing its row.</summary>
    protected string InsertClaims(string given, bool inTransaction, string order = "") => $$"""
        INSERT INTO {Idempotency} (
            {Idempotency.Scope}, {Idempotency.IdempotencyKey}, {Idempotency.UserId}, {Idempotency.Fingerprint}, {Idempotency.State},
            {Idempotency.Token}, {Idempotency.Epoch}, {Idempotency.IsTakeover}, {Idempotency.OnCrash}, {Idempotency.Lease},
            {Idempotency.LeaseUntil}, {Idempotency.TimeToLive}, {Idempotency.CreatedAt}, {Idempotency.ExpiresAt})
        SELECT given.scope, given.key, given.user_id, given.fingerprint, {{InProgress}}, given.token, 1, false, given.on_crash, given.lease,
            {{After("t.now", "given.lease")}}, given.time_to_live, t.now,
            {{ClaimExpiry("given.on_crash", "t.now", "given.lease", "given.time_to_live")}}
        FROM {{given}} CROSS JOIN (SELECT {{Clock}} AS now) AS t
        WHERE CASE
            WHEN (SELECT true FROM {Idempotency} WHERE {Idempotency.Scope} = given.scope AND {Idempotency.IdempotencyKey} = given.key LIMIT 1)
                THEN false
            ELSE {{TryLockKey("given.scope", "given.key", inTransaction)}}
        END
        {{order}}
        ON CONFLICT ({Idempotency.Scope}, {Idempotency.IdempotencyKey}) DO NOTHING
        """;

    /// <summary>A claim that nobody resumes expires after its lease; one that must not run again by itself never does.</summary>
    private string ClaimExpiry(string onCrash, string now, string lease, string timeToLive) =>
        $"CASE WHEN {onCrash} = {Block} THEN NULL ELSE {After(After(now, lease), timeToLive)} END";

    private static string OnClaim(string column, string value) =>
        $"{column} = CASE WHEN t.move IN ('start over', 'resume') THEN {value} ELSE {column} END";
}
