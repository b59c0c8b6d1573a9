using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs;
using AgentPersistence.Jobs.Storage;

namespace AgentPersistence.Providers;

// By hand because a claim locks what it takes and passes over what others hold, because many callers share a statement, and because every
// deadline is judged by the database's clock.
internal abstract partial class SqlDialect
{
    private const string JobQueued = "'queued'";
    private const string JobRunning = "'running'";
    private const string JobDone = "'done'";
    private const string JobFailed = "'failed'";
    private const string JobCanceled = "'canceled'";

    // What becomes of a job by the move of whoever holds it. A wish to cancel ends what would run again, never what is done.
    private const string SettledStatus = $$"""
        CASE
            WHEN settled.move IN ({{JobDone}}, {{JobFailed}}) THEN settled.move
            WHEN {Job.CancelRequested} THEN {{JobCanceled}}
            WHEN settled.move = 'retry' AND {Job.Attempts} >= {Job.MaxAttempts} THEN {{JobFailed}}
            ELSE {{JobQueued}}
        END
        """;

    /// <summary>Stores jobs; one that meets another by its id or its unique key is not stored, and no row comes back for it.</summary>
    public SqlStatement EnqueueJobs => field ??= Statement($$"""
        INSERT INTO {Job} (
            {Job.Id}, {Job.ThreadId}, {Job.TriggerMessageId}, {Job.Mode}, {Job.Status}, {Job.PayloadJson}, {Job.Priority}, {Job.RunAt},
            {Job.UniqueKey}, {Job.Attempts}, {Job.MaxAttempts}, {Job.Epoch}, {Job.CancelRequested}, {Job.CreatedAt})
        SELECT given.id, given.thread_id, given.trigger_message_id, given.mode, {{JobQueued}}, given.payload, given.priority,
            coalesce(given.run_at, {{After("t.now", "given.delay")}}), given.unique_key, 0, given.max_attempts, 0, false, t.now
        FROM {{Given(JobRow.Columns)}} CROSS JOIN (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT DO NOTHING
        RETURNING {Job.Id}, {Job.RunAt}, {Job.CreatedAt}
        """);

    /// <summary>The jobs that new ones have met.</summary>
    public SqlStatement FindTakenJobs => field ??= Statement($$"""
        SELECT {Job.*} FROM {Job} WHERE {Job.Id} {{AnyOf("@ids")}}
        UNION ALL
        SELECT {Job.*} FROM {Job} WHERE {Job.UniqueKey} {{AnyOf("@keys")}} AND {Job.UniqueKey} IS NOT NULL
            AND {Job.Status} IN ({{JobQueued}}, {{JobRunning}})
        """);

    /// <summary>
    /// Claims what is due, and settles the leases that have lapsed; every job that it has moved comes back. What others are claiming is
    /// passed
    /// over, so nobody waits here.
    /// </summary>
    public SqlStatement ClaimJobs => field ??= Statement(IndexPlan + Claim("@limit", SkipLocked("{Job}"), """
        SELECT job FROM (SELECT * FROM due UNION ALL SELECT * FROM revived) AS claimable
        ORDER BY priority DESC, run_at, job LIMIT @limit
        """));

    /// <summary>
    /// The same for as long as a transaction takes: it locks no more than it claims, and says no word to the planner. It passes over as much
    /// as one other claim can hold.
    /// </summary>
    public SqlStatement ClaimJobsInTransaction => field ??= Statement(Claim($"@limit + {JobClaimRequest.MostJobs}", "", $$"""
        SELECT {Job.Id} AS job
        FROM (SELECT * FROM due UNION ALL SELECT * FROM revived) AS claimable JOIN {Job} ON {Job}.{Job.Id} = claimable.job
        WHERE ({Job}.{Job.Status} = {{JobQueued}} AND {Job}.{Job.RunAt} <= (SELECT {{Clock}})) OR ({{HasJobLapsed}})
        ORDER BY claimable.priority DESC, claimable.run_at, claimable.job LIMIT @limit
        {{SkipLocked("{Job}")}}
        """));

    /// <summary>Whether a claim would find anything.</summary>
    public SqlStatement IsAnyJobDue => field ??= Statement($$"""
        WITH RECURSIVE {{Lanes}}
        SELECT EXISTS (
            SELECT 1 FROM lane CROSS JOIN {Job}
            WHERE {Job.Mode} = lane.work AND {Job.Priority} = lane.rank AND {Job.Status} = {{JobQueued}} AND {Job.RunAt} <= {{Clock}})
        OR EXISTS (
            SELECT 1 FROM {Job} WHERE {Job.Status} = {{JobRunning}} AND {Job.Mode} {{AnyOf("@modes")}} AND {Job.LeaseUntil} <= {{Clock}})
        """);

    /// <summary>What a claim has taken whose answer was lost.</summary>
    public SqlStatement FindClaimedJobs => field ??= Statement($$"""
        SELECT {Job.*} FROM {Job} WHERE {Job.Status} = {{JobRunning}} AND {Job.Mode} {{AnyOf("@modes")}} AND {Job.Token} = @token
        """);

    /// <summary>Extends many leases, but those whose row somebody's transaction holds.</summary>
    public SqlStatement RenewFreeJobs => field ??= Statement($$"""
        {{IndexPlan}}
        WITH {{Held(JobRenewal.Columns)}}
        UPDATE {Job} SET {Job.LeaseUntil} = {{After(Clock, "@lease")}}
        FROM held WHERE {{RowPlace("{Job}")}} = held.place AND held.now = {{JobRunning}}
        RETURNING {Job.Id}, {Job.CancelRequested}
        """);

    public SqlStatement RenewJob => field ??= Statement($$"""
        UPDATE {Job} SET {Job.LeaseUntil} = {{After(Clock, "@lease")}}
        WHERE {Job.Id} = @id AND {Job.Token} = @token AND {{Filter($"{{Job.Status}} = {JobRunning}")}}
        RETURNING {Job.LeaseUntil}, {Job.CancelRequested}
        """);

    /// <summary>Settles many claims, but those whose row somebody's transaction holds.</summary>
    public SqlStatement SettleFreeJobs => field ??= Statement($$"""
        {{IndexPlan}}
        WITH {{Held(JobSettlement.Columns)}}
        {{Settle("settled.delay", "NULL")}}
        FROM held AS settled WHERE {{RowPlace("{Job}")}} = settled.place AND settled.now = {{JobRunning}}
        RETURNING {Job.Id}, {Job.Status}
        """);

    /// <summary>Settles one claim. It waits for whoever holds the row.</summary>
    public SqlStatement SettleJob => field ??= Statement($$"""
        {{Settle("@delay", $"CASE WHEN {SettledStatus} = {JobQueued} THEN @waiting_for END")}}
        FROM (SELECT @move AS move, @result AS outcome, @error AS reason) AS settled
        WHERE {Job.Id} = @id AND {Job.Token} = @token AND {{Filter($"{{Job.Status}} = {JobRunning}")}}
        RETURNING {Job.Status}
        """);

    /// <summary>Cancels a job that nobody holds, and tells whoever holds it otherwise.</summary>
    public SqlStatement CancelJob => field ??= Statement($$"""
        UPDATE {Job}
        SET {Job.Status} = CASE WHEN {{IsJobHeld}} THEN {Job.Status} ELSE {{JobCanceled}} END,
            {Job.FinishedAt} = CASE WHEN {{IsJobHeld}} THEN NULL ELSE {{Clock}} END,
            {Job.LeaseUntil} = CASE WHEN {{IsJobHeld}} THEN {Job.LeaseUntil} END,
            {Job.CancelRequested} = {{IsJobHeld}},
            {Job.WaitingFor} = NULL
        WHERE {Job.Id} = @id AND {{Filter($"{{Job.Status}} IN ({JobQueued}, {JobRunning})")}}
        RETURNING {Job.*}
        """);

    public SqlStatement RequeueJob => field ??= Statement($$"""
        UPDATE {Job}
        SET {Job.Status} = {{JobQueued}}, {Job.Attempts} = 0, {Job.RunAt} = {{Clock}}, {Job.Token} = @token, {Job.Epoch} = {Job.Epoch} + 1,
            {Job.CancelRequested} = false, {Job.FinishedAt} = NULL
        WHERE {Job.Id} = @id AND {Job.Epoch} = @epoch AND {{Filter($"{{Job.Status}} IN ({JobFailed}, {JobCanceled})")}}
        RETURNING {Job.*}
        """);

    public SqlStatement FindJob => field ??= Statement("SELECT {Job.*} FROM {Job} WHERE {Job.Id} = @id");

    public SqlStatement FindJobs => field ??= Statement($$"""
        SELECT {Job.*} FROM {Job} WHERE {Job.Id} {{AnyOf("@ids")}}
        """);

    /// <summary>
    /// Keeps an approval from being decided until the transaction ends, waits for whoever decides it now, and says whether it is decided,
    /// when it expires, and what time it is.
    /// </summary>
    public SqlStatement LockApprovalToWaitFor => field ??= Statement($$"""
        SELECT {Approval.Status} <> {{PendingApproval}}, {Approval.ExpiresAt}, {{Clock}} FROM {Approval} WHERE {Approval.Id} = @approval
        {{KeepFromChange}}
        """);

    /// <summary>
    /// Ends the wait of all jobs for approvals that have just been decided, in a statement after the one that decides them: one that began
    /// before could not see a job that began to wait meanwhile. Returns the modes.
    /// </summary>
    public SqlStatement WakeJobsWaitingFor => field ??= Statement($$"""
        UPDATE {Job} SET {Job.RunAt} = {{Clock}}, {Job.WaitingFor} = NULL
        WHERE {Job.WaitingFor} {{AnyOf("@approvals")}} AND {Job.WaitingFor} IS NOT NULL
            AND {{Filter($"{{Job.Status}} = {JobQueued}")}}
        RETURNING {Job.Mode}
        """);

    /// <summary>The end of a SELECT that keeps others from changing the rows, but not from reading them alike.</summary>
    protected abstract string KeepFromChange { get; }

    /// <summary>The rows <c>asked</c> (mode) of the parameter, in a FROM.</summary>
    protected abstract string Modes { get; }

    /// <summary>The SELECT of (job, priority, run_at): what is due in every lane, so many at most of each.</summary>
    protected abstract string DueJobs(string limit, string locking);

    // The priorities in use in each mode. With them each lane is a range of the index, and what is not due yet is never read.
    private string Lanes => $$"""
        lane (work, rank) AS (
            SELECT asked.mode, (SELECT max({Job.Priority}) FROM {Job} WHERE {Job.Status} = {{JobQueued}} AND {Job.Mode} = asked.mode)
            FROM {{Modes}}
            UNION ALL
            SELECT lane.work, (
                SELECT max({Job.Priority}) FROM {Job}
                WHERE {Job.Status} = {{JobQueued}} AND {Job.Mode} = lane.work AND {Job.Priority} < lane.rank)
            FROM lane WHERE lane.rank IS NOT NULL)
        """;

    private string HasJobLapsed =>
        $$"""{Job.Status} = {{JobRunning}} AND {Job.Mode} {{AnyOf("@modes")}} AND {Job.LeaseUntil} <= (SELECT {{Clock}})""";

    private const string HasJobLapsedForGood = "({Job.CancelRequested} OR {Job.Attempts} >= {Job.MaxAttempts})";

    private string IsJobHeld => $"({{Job.Status}} = {JobRunning} AND {{Job.LeaseUntil}} > {Clock})";

    /// <param name="limit">How many of each kind there are to choose from.</param>
    /// <param name="locking">How these are locked.</param>
    /// <param name="claimed">The SELECT of (job) that chooses from <c>due</c> and <c>revived</c>, whose lease has lapsed.</param>
    private string Claim(string limit, string locking, string claimed) => $$"""
        WITH RECURSIVE {{Lanes}},
        due AS MATERIALIZED ({{DueJobs(limit, locking)}}),
        revived AS MATERIALIZED (
            SELECT {Job.Id} AS job, {Job.Priority} AS priority, {Job.RunAt} AS run_at
            FROM {Job}
            WHERE {{HasJobLapsed}} AND NOT {{HasJobLapsedForGood}}
            ORDER BY {Job.Priority} DESC, {Job.RunAt}, {Job.Id} LIMIT {{limit}}
            {{locking}}),
        ended AS MATERIALIZED (
            SELECT {Job.Id} AS job, CASE WHEN {Job.CancelRequested} THEN {{JobCanceled}} ELSE {{JobFailed}} END AS becomes
            FROM {Job}
            WHERE {{HasJobLapsed}} AND {{HasJobLapsedForGood}}
            ORDER BY {Job.LeaseUntil} LIMIT {{JobClaimRequest.MostJobs}}
            {{SkipLocked("{Job}")}}),
        claimed AS MATERIALIZED ({{claimed}}),
        chosen AS MATERIALIZED (
            SELECT job, {{JobRunning}} AS becomes FROM claimed
            UNION ALL
            SELECT job, becomes FROM ended)
        UPDATE {Job}
        SET {Job.Status} = chosen.becomes,
            {{OnJobClaim("{Job.Attempts}", "{Job.Attempts} + 1", "{Job.Attempts}")}},
            {{OnJobClaim("{Job.Token}", "@token", "{Job.Token}")}},
            {{OnJobClaim("{Job.Epoch}", "{Job.Epoch} + 1", "{Job.Epoch}")}},
            {{OnJobClaim("{Job.Worker}", "@worker", "{Job.Worker}")}},
            {{OnJobClaim("{Job.LeaseUntil}", After(Clock, "@lease"), "NULL")}},
            {{OnJobClaim("{Job.StartedAt}", Clock, "{Job.StartedAt}")}},
            {{OnJobClaim("{Job.FinishedAt}", "NULL", Clock)}},
            {{OnJobClaim("{Job.Error}", "{Job.Error}", "'The lease of the last attempt has lapsed: its worker died, or lost the database.'")}},
            {Job.WaitingFor} = NULL
        FROM chosen WHERE {Job}.{Job.Id} = chosen.job
        RETURNING {Job.*}
        """;

    /// <summary>One page by descending id.</summary>
    public virtual SqlStatement QueryJobs(JobQuery query) => Statement(JobsThat(query, query.Status is null ? "true" : IsInStatus(query)));

    protected static string IsInStatus(JobQuery query) => $"{{Job.Status}} = '{EnumText<JobStatus>.From(query.Status!.Value)}'";

    /// <summary>A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    protected static string JobsThat(JobQuery query, string stand, string limit = "@limit") => $$"""
        SELECT {Job.*} FROM {Job}
        WHERE {{stand}}
            {{(query.Mode is null ? "" : "AND {Job.Mode} = @mode")}}
            {{(query.ThreadId is null ? "" : "AND {Job.ThreadId} = @thread_id")}}
            {{(query.TriggerMessageId is null ? "" : "AND {Job.TriggerMessageId} = @trigger_message_id")}}
            {{(query.WaitingFor is null ? "" : "AND {Job.WaitingFor} = @waiting_for")}}
            {{(query.After is null ? "" : "AND {Job.Id} < @after")}}
        ORDER BY {Job.Id} DESC
        LIMIT {{limit}}
        """;

    /// <summary>
    /// The SELECT of the rows <c>given</c> whose claim is the newest of its job and free, locked, each with the job's
    /// <see cref="RowPlace"/> (place) and status (now).
    /// </summary>
    protected abstract string LockedJobs(string given);

    /// <summary>The newest claims among the given rows. Whoever uses it asks whether their jobs are running.</summary>
    private string Held<TRow>(BulkInsert<TRow> columns) => $$"""
        held AS MATERIALIZED ({{LockedJobs(Given(columns))}})
        """;

    private string Settle(string delay, string waitingFor) => $$"""
        UPDATE {Job}
        SET {Job.Status} = {{SettledStatus}},
            {Job.ResultJson} = settled.outcome,
            {Job.Error} = CASE settled.move WHEN {{JobDone}} THEN NULL ELSE coalesce(settled.reason, {Job.Error}) END,
            {Job.Attempts} = CASE settled.move WHEN 'back' THEN {Job.Attempts} - 1 ELSE {Job.Attempts} END,
            {Job.RunAt} = CASE WHEN {{SettledStatus}} = {{JobQueued}} THEN {{After(Clock, delay)}} ELSE {Job.RunAt} END,
            {Job.FinishedAt} = CASE WHEN {{SettledStatus}} = {{JobQueued}} THEN NULL ELSE {{Clock}} END,
            {Job.WaitingFor} = {{waitingFor}},
            {Job.LeaseUntil} = NULL
        """;

    private static string OnJobClaim(string column, string claimed, string ended) =>
        $"{column} = CASE chosen.becomes WHEN {JobRunning} THEN {claimed} ELSE {ended} END";
}
