using System.Data.Common;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because verification reads the columns as bytes, row after row, and EF would make objects of them.
internal abstract partial class SqlDialect
{
    public SqlStatement ReadAuditHeads => field ??= Statement("""
        SELECT {AuditHead.Sequence}, {AuditHead.Hash}, {AuditHead.PrunedSequence}, {AuditHead.PrunedHash} FROM {AuditHead}
        """);

    /// <summary>The rows in the order of the chain, each with its columns in the order in which they are hashed.</summary>
    public SqlStatement ReadAuditChain => field ??= Statement("""
        SELECT {AuditEntry.Sequence}, {AuditEntry.Format}, {AuditEntry.Hash}, {AuditEntry.PersonalHash}, {AuditEntry.Salt},
            {AuditEntry.ErasedBy},
            {AuditEntry.UserId}, {AuditEntry.InputData}, {AuditEntry.OutputData}, {AuditEntry.EventDetails}, {AuditEntry.ErrorMessage},
            {AuditEntry.Id}, {AuditEntry.ActionId}, {AuditEntry.PreviousId},
            {AuditEntry.RunId}, {AuditEntry.SessionId}, {AuditEntry.EventType}, {AuditEntry.Intent}, {AuditEntry.Action},
            {AuditEntry.Status}, {AuditEntry.IdempotencyKey},
            {AuditEntry.OccurredAt}, {AuditEntry.CreatedAt}
        FROM {AuditEntry} WHERE {AuditEntry.Sequence} >= @from ORDER BY {AuditEntry.Sequence}
        """);

    public SqlStatement FindAuditHash => field ??= Statement("""
        SELECT {AuditEntry.Hash} FROM {AuditEntry} WHERE {AuditEntry.Sequence} = @sequence
        """);

    /// <summary>Erased rows before a sequence whose erasure is recorded at or behind it, in the order of the chain.</summary>
    public SqlStatement FindAuditErasuresBefore => field ??= Statement("""
        SELECT e.{AuditEntry.Sequence}, e.{AuditEntry.PersonalHash}, e.{AuditEntry.ErasedBy}
        FROM {AuditEntry} AS e INNER JOIN {AuditEntry} AS x ON x.{AuditEntry.Id} = e.{AuditEntry.ErasedBy}
        WHERE e.{AuditEntry.ErasedBy} IS NOT NULL AND e.{AuditEntry.Sequence} < @sequence AND x.{AuditEntry.Sequence} >= @sequence
        ORDER BY e.{AuditEntry.Sequence}
        """);

    /// <summary>The first erased row in a part of the chain that names no later row.</summary>
    public SqlStatement FindUnrecordedAuditErase => field ??= Statement("""
        SELECT min(e.{AuditEntry.Sequence})
        FROM {AuditEntry} AS e LEFT JOIN {AuditEntry} AS x
            ON x.{AuditEntry.Id} = e.{AuditEntry.ErasedBy} AND x.{AuditEntry.Sequence} > e.{AuditEntry.Sequence}
        WHERE e.{AuditEntry.ErasedBy} IS NOT NULL AND e.{AuditEntry.Sequence} >= @from AND e.{AuditEntry.Sequence} < @to
            AND x.{AuditEntry.Id} IS NULL
        """);

    /// <summary>A maintenance entry, unless it was erased, which none ever is.</summary>
    public SqlStatement FindAuditMaintenance => field ??= Statement("""
        SELECT {AuditEntry.Sequence}, {AuditEntry.EventType}, {AuditEntry.EventDetails}
        FROM {AuditEntry} WHERE {AuditEntry.Id} = @id AND {AuditEntry.Salt} IS NOT NULL
        """);

    /// <summary>Appends the text as it is stored, in UTF-8 behind its length.</summary>
    public abstract void CopyText(DbDataReader reader, int ordinal, AuditBytes bytes);

    /// <summary>Appends the id's lower-case text behind its length.</summary>
    public abstract void CopyId(DbDataReader reader, int ordinal, AuditBytes bytes);

    /// <summary>Appends the bytes alone; nothing where they are null.</summary>
    public abstract void CopyBytes(DbDataReader reader, int ordinal, AuditBytes bytes);

    public abstract long ReadInteger(DbDataReader reader, int ordinal);

    /// <summary>A time as microseconds since 1970.</summary>
    public abstract long ReadMicroseconds(DbDataReader reader, int ordinal);
}
