using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because the chain needs its head locked, and because everybody waits for the append.
internal abstract partial class SqlDialect
{
    /// <summary>
    /// Whether an entry logged inside a transaction waits in the staging table until that transaction has committed. Otherwise a
    /// transaction that writes excludes every other writer, and the entry is chained at once.
    /// </summary>
    public abstract bool StagesAuditEntries { get; }

    /// <summary>Locks the head, and then, in a statement of its own, reads it and whether anything is staged.</summary>
    public abstract SqlStatement LockAuditHead { get; }

    /// <summary>How many results of <see cref="LockAuditHead"/> come before the head.</summary>
    public abstract int AuditHeadLockResults { get; }

    /// <summary>Rows of the log that new rows could collide with: by id, by idempotency key, as the successor of a row.</summary>
    public SqlStatement FindAuditCollisions => field ??= Statement($$"""
        SELECT {{AuditActionColumns("AuditEntry")}}, {AuditEntry.Sequence}
        FROM {AuditEntry} WHERE {AuditEntry.Id} {{AnyOf("@ids")}}
        UNION ALL
        SELECT {{AuditActionColumns("AuditEntry")}}, {AuditEntry.Sequence}
        FROM {AuditEntry} WHERE {AuditEntry.IdempotencyKey} {{AnyOf("@keys")}}
        UNION ALL
        SELECT {{AuditActionColumns("AuditEntry")}}, {AuditEntry.Sequence}
        FROM {AuditEntry} WHERE {AuditEntry.PreviousId} {{AnyOf("@previous")}}
        """);

    /// <summary>The same among the staged rows that the transaction can see.</summary>
    public SqlStatement FindStagedAuditCollisions => field ??= Statement($$"""
        SELECT {{AuditActionColumns("AuditStaged")}}
        FROM {AuditStaged} WHERE {AuditStaged.Id} {{AnyOf("@ids")}}
            OR {AuditStaged.IdempotencyKey} {{AnyOf("@keys")}} OR {AuditStaged.PreviousId} {{AnyOf("@previous")}}
        """);

    public SqlStatement FindAuditAction => field ??= Statement($$"""
        SELECT {{AuditActionColumns("AuditEntry")}}, {AuditEntry.Sequence} FROM {AuditEntry} WHERE {AuditEntry.ActionId} = @id
        """);

    public SqlStatement FindStagedAuditAction => field ??= Statement($$"""
        SELECT {{AuditActionColumns("AuditStaged")}} FROM {AuditStaged} WHERE {AuditStaged.ActionId} = @id
        """);

    /// <summary>Whom an action concerns, and whether that is erased.</summary>
    public SqlStatement FindAuditSubject => field ??= Statement("""
        SELECT {AuditEntry.RunId}, {AuditEntry.UserId}, {AuditEntry.SessionId}, {AuditEntry.Salt} IS NULL
        FROM {AuditEntry} WHERE {AuditEntry.Id} = @id
        """);

    public SqlStatement HasStagedAuditEntries => field ??= Statement("""
        SELECT 1 FROM {AuditStaged} LIMIT 1
        """);

    /// <summary>The oldest staged rows. By hand because they are read with the head locked: EF would make its plan while all wait.</summary>
    public SqlStatement ReadStagedAuditPage => field ??= Statement("""
        SELECT {AuditStaged.*} FROM {AuditStaged} ORDER BY {AuditStaged.Id} LIMIT @limit
        """);

    public SqlStatement ReadStagedAuditEntries => field ??= Statement($$"""
        SELECT {AuditStaged.*} FROM {AuditStaged} WHERE {AuditStaged.Id} {{AnyOf("@ids")}}
        """);

    public SqlStatement DeleteStagedAuditEntries => field ??= Statement($$"""
        DELETE FROM {AuditStaged} WHERE {AuditStaged.Id} {{AnyOf("@ids")}}
        """);

    /// <summary>Inserts the rows and advances the head, which the unit has locked, to the last of them.</summary>
    public abstract Task AppendAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Appends in one statement, if nobody holds the head and it is still where it was known to be, nothing is staged, and what the rows
    /// follow, from a sequence on, is not pruned. It says nothing of duplicates: they fail it whole, and the caller appends again with the head locked.
    /// </summary>
    /// <returns>How many rows it has stored: all or none.</returns>
    public abstract Task<int> TryAppendAuditAsync(
        UnitOfWork unit, AuditChainEnd known, IReadOnlyList<ChainedAuditRow> rows, long follows, CancellationToken cancellationToken);

    /// <summary>Inserts the rows without a look at the head, where entries are staged; they do not count until it is advanced.</summary>
    public abstract Task InsertAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken);

    /// <summary>Advances the head under the conditions under which <see cref="TryAppendAuditAsync"/> appends.</summary>
    /// <returns>How many heads it has advanced: one or none.</returns>
    public abstract Task<int> TryAdvanceAuditHeadAsync(
        UnitOfWork unit, AuditChainEnd known, AuditChainEnd end, long follows, CancellationToken cancellationToken);

    private static string AuditActionColumns(string table) =>
        $"{{{table}.Id}}, {{{table}.ActionId}}, {{{table}.PreviousId}}, {{{table}.Status}}, {{{table}.IdempotencyKey}}";
}
