using AgentPersistence.Auditing;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because a prune and an erasure change many rows in one statement, under the head's lock, and digest what they changed.
internal abstract partial class SqlDialect
{
    /// <summary>Waits until no other prune or erase runs; null where a transaction that writes excludes every other anyway.</summary>
    public abstract SqlStatement? LockAuditMaintenance { get; }

    /// <summary>What a maintenance entry stored under its write key says.</summary>
    public SqlStatement FindAuditMaintenanceByKey => field ??= Statement("""
        SELECT {AuditEntry.EventDetails} FROM {AuditEntry} WHERE {AuditEntry.IdempotencyKey} = @key
        """);

    /// <summary>
    /// The last place up to a sequence where the log can be cut without dividing an action: where the newest row of every action before
    /// it lies before it too.
    /// </summary>
    public SqlStatement FindAuditCut => field ??= Statement("""
        SELECT max(s.{AuditEntry.Sequence}) FROM (
            SELECT r.{AuditEntry.Sequence}, max(r.newest) OVER (ORDER BY r.{AuditEntry.Sequence}) AS reach FROM (
                SELECT e.{AuditEntry.Sequence}, (
                    SELECT max(x.{AuditEntry.Sequence}) FROM {AuditEntry} AS x
                    WHERE x.{AuditEntry.ActionId} = e.{AuditEntry.ActionId}) AS newest
                FROM {AuditEntry} AS e WHERE e.{AuditEntry.Sequence} > @after AND e.{AuditEntry.Sequence} <= @through) AS r) AS s
        WHERE s.reach <= s.{AuditEntry.Sequence}
        """);

    /// <summary>Erased rows of a part of the log whose erasure is recorded behind it, in the order of the chain.</summary>
    public SqlStatement FindAuditErasuresIn => field ??= Statement("""
        SELECT e.{AuditEntry.Sequence}, e.{AuditEntry.PersonalHash}, e.{AuditEntry.ErasedBy}
        FROM {AuditEntry} AS e INNER JOIN {AuditEntry} AS x ON x.{AuditEntry.Id} = e.{AuditEntry.ErasedBy}
        WHERE e.{AuditEntry.ErasedBy} IS NOT NULL
            AND e.{AuditEntry.Sequence} > @after AND e.{AuditEntry.Sequence} <= @through AND x.{AuditEntry.Sequence} > @through
        ORDER BY e.{AuditEntry.Sequence}
        """);

    public SqlStatement FindAuditEntriesBehind => field ??= Statement($$"""
        SELECT {AuditEntry.Id} FROM {AuditEntry} WHERE {AuditEntry.Id} {{AnyOf("@ids")}} AND {AuditEntry.Sequence} > @through
        """);

    public SqlStatement AdvancePrunedAudit => field ??= Statement("""
        UPDATE {AuditHead} SET {AuditHead.PrunedSequence} = @sequence, {AuditHead.PrunedHash} = @hash WHERE {AuditHead.Id} = 1
        """);

    public SqlStatement DeletePrunedAudit => field ??= Statement("""
        DELETE FROM {AuditEntry} WHERE {AuditEntry.Sequence} <= @sequence
        """);

    /// <summary>
    /// Erases every row, not erased before, of the actions that belong to a user, session or run. An outcome that was logged after its
    /// action was erased knows no user any more, so it is erased with whichever user comes next.
    /// </summary>
    public SqlStatement EraseAudit(AuditErasure what) => Statement($$"""
        UPDATE {AuditEntry}
        SET {AuditEntry.Salt} = NULL, {AuditEntry.ErasedBy} = @entry, {AuditEntry.UserId} = NULL, {AuditEntry.InputData} = NULL,
            {AuditEntry.OutputData} = NULL, {AuditEntry.EventDetails} = NULL, {AuditEntry.ErrorMessage} = NULL
        WHERE {AuditEntry.Salt} IS NOT NULL AND {AuditEntry.ActionId} IN (
            {{what switch
            {
                { UserId: not null } => """
                    SELECT a.{AuditEntry.ActionId} FROM {AuditEntry} AS a WHERE a.{AuditEntry.UserId} = @user_id
                    UNION
                    SELECT a.{AuditEntry.ActionId} FROM {AuditEntry} AS a WHERE a.{AuditEntry.ErasedBy} IS NOT NULL
                    """,
                { SessionId: not null } => """
                    SELECT a.{AuditEntry.ActionId} FROM {AuditEntry} AS a WHERE a.{AuditEntry.SessionId} = @session_id
                    """,
                _ => """
                    SELECT a.{AuditEntry.ActionId} FROM {AuditEntry} AS a WHERE a.{AuditEntry.RunId} = @run_id
                    """,
            }}})
        RETURNING {AuditEntry.Sequence}, {AuditEntry.PersonalHash}
        """);
}
