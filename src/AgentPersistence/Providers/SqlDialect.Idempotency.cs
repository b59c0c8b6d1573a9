using AgentPersistence.Idempotency;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because every deadline is judged by the database's clock, and because a begin writes and then reads in one round trip.
internal abstract partial class SqlDialect
{
    private const string InProgress = "'in_progress'";
    private const string Released = "'released'";
    private const string Indeterminate = "'indeterminate'";
    private const string Retry = "'retry'";
    private const string Block = "'block'";

    private const string OfKey = "{Idempotency.Scope} = @scope AND {Idempotency.IdempotencyKey} = @key";
    private const string IsLapsed = "{Idempotency.State} = " + InProgress + " AND {Idempotency.LeaseUntil} <= t.now";

    // Nobody is somebody too: a request without a user does not get what a user was answered.
    private const string IsSameRequest = """
        {Idempotency.UserId} IS NOT DISTINCT FROM @user_id
            AND ({Idempotency.Fingerprint} IS NULL OR @fingerprint IS NULL OR {Idempotency.Fingerprint} = @fingerprint)
        """;

    /// <summary>
    /// Claims a key where it may be claimed, and then reads it. The read is a statement of its own, because one that also wrote would
    /// see what was there before it waited. A row that may not be claimed is not locked, and no transaction is waited for: what one
    /// holds is left as it was.
    /// </summary>
    public SqlStatement BeginIdempotent => field ??= Statement(BeginStatements(inTransaction: false));

    /// <summary>The same inside a transaction, which keeps the key to itself until it ends.</summary>
    public SqlStatement BeginIdempotentInTransaction => field ??= Statement(BeginStatements(inTransaction: true));

    public SqlStatement FindIdempotent => field ??= Statement(ReadStatement);

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

    private string ReadStatement => $$"""
        SELECT {Idempotency.*}, {{Clock}} FROM {Idempotency} WHERE {{OfKey}}
        """;

    /// <summary>An expired row counts as absent, whatever it holds; a released or lapsed one is resumed by the same request only.</summary>
    private string Reclaim => $$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = {{InProgress}}, {Idempotency.Token} = @token, {Idempotency.Epoch} = {Idempotency.Epoch} + 1,
            {Idempotency.IsTakeover} = ({Idempotency.State} = {{InProgress}}),
            {Idempotency.UserId} = @user_id,
            {Idempotency.Fingerprint} =
                CASE WHEN {Idempotency.ExpiresAt} <= t.now THEN @fingerprint ELSE coalesce({Idempotency.Fingerprint}, @fingerprint) END,
            {Idempotency.OnCrash} = @on_crash, {Idempotency.Lease} = @lease, {Idempotency.TimeToLive} = @time_to_live,
            {Idempotency.LeaseUntil} = {{After("t.now", "@lease")}},
            {Idempotency.ResultData} = NULL, {Idempotency.Error} = NULL,
            {Idempotency.CreatedAt} = CASE WHEN {Idempotency.ExpiresAt} <= t.now THEN t.now ELSE {Idempotency.CreatedAt} END,
            {Idempotency.ExpiresAt} = {{ClaimExpiry("@on_crash", "t.now", "@lease", "@time_to_live")}}
        {{FromUnlocked($$"""
            {Idempotency.Token} <> @token
                AND ({Idempotency.ExpiresAt} <= t.now
                    OR ({{IsSameRequest}}
                        AND ({Idempotency.State} = {{Released}}
                            OR ({{IsLapsed}} AND {Idempotency.OnCrash} = {{Retry}} AND @on_crash = {{Retry}}))))
            """)}}
        """;

    private string SuspendLapsed => $$"""
        UPDATE {Idempotency}
        SET {Idempotency.State} = {{Indeterminate}}, {Idempotency.LeaseUntil} = NULL, {Idempotency.ExpiresAt} = NULL
        {{FromUnlocked($$"""
            {Idempotency.Token} <> @token AND {{IsSameRequest}}
                AND {{IsLapsed}} AND ({Idempotency.OnCrash} = {{Block}} OR @on_crash = {{Block}})
                AND ({Idempotency.ExpiresAt} IS NULL OR {Idempotency.ExpiresAt} > t.now)
            """)}}
        """;

    private string KeepFingerprint => $$"""
        UPDATE {Idempotency} SET {Idempotency.Fingerprint} = @fingerprint
        {{FromUnlocked("""
            {Idempotency.Fingerprint} IS NULL AND @fingerprint IS NOT NULL AND {Idempotency.UserId} IS NOT DISTINCT FROM @user_id
            """)}}
        """;

    private string BeginStatements(bool inTransaction) =>
        $"{InsertClaim(inTransaction)};\n{Reclaim};\n{SuspendLapsed};\n{KeepFingerprint};\n{ReadStatement}";

    private string InsertClaim(bool inTransaction) => $$"""
        INSERT INTO {Idempotency} (
            {Idempotency.Scope}, {Idempotency.IdempotencyKey}, {Idempotency.UserId}, {Idempotency.Fingerprint}, {Idempotency.State},
            {Idempotency.Token}, {Idempotency.Epoch}, {Idempotency.IsTakeover}, {Idempotency.OnCrash}, {Idempotency.Lease},
            {Idempotency.LeaseUntil}, {Idempotency.TimeToLive}, {Idempotency.CreatedAt}, {Idempotency.ExpiresAt})
        SELECT @scope, @key, @user_id, @fingerprint, {{InProgress}}, @token, 1, false, @on_crash, @lease,
            {{After("t.now", "@lease")}}, @time_to_live, t.now, {{ClaimExpiry("@on_crash", "t.now", "@lease", "@time_to_live")}}
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE CASE WHEN EXISTS (SELECT 1 FROM {Idempotency} WHERE {{OfKey}}) THEN false ELSE {{TryLock(inTransaction)}} END
        ON CONFLICT ({Idempotency.Scope}, {Idempotency.IdempotencyKey}) DO NOTHING
        """;

    /// <summary>The end of an UPDATE of the key's row, where the condition holds and no other transaction has locked it.</summary>
    private string FromUnlocked(string condition) => $$"""
        FROM (
            SELECT t.now FROM {Idempotency} CROSS JOIN (SELECT {{Clock}} AS now) AS t
            WHERE {{OfKey}} AND {{condition}}
            {{SkipLocked("{Idempotency}")}}) AS t
        WHERE {{OfKey}}
        """;

    /// <summary>A claim that nobody resumes expires after its lease; one that must not run again by itself never does.</summary>
    private string ClaimExpiry(string onCrash, string now, string lease, string timeToLive) =>
        $"CASE WHEN {onCrash} = {Block} THEN NULL ELSE {After(After(now, lease), timeToLive)} END";
}
