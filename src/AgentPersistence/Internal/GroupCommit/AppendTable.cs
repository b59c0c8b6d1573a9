using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>What an append must know of a feature's rows, which are immutable and have ids that the client makes.</summary>
internal sealed class AppendTable<TRow>
    where TRow : class
{
    public required BulkInsert<TRow> Insert { get; init; }

    public required Func<TRow, Guid> Id { get; init; }

    /// <summary>About how many bytes a row sends to the database.</summary>
    public required Func<TRow, int> Size { get; init; }

    /// <summary>Reads <c>{Entity.*}</c>.</summary>
    public required Func<StoreReader, TRow> Read { get; init; }

    /// <summary>
    /// The unique key of a row (<see cref="BulkInsert{TRow}.Key"/>) as one text, different for different keys; null where it has none.
    /// </summary>
    public Func<TRow, string?> Key { get; init; } = static _ => null;

    /// <summary>
    /// Why a row, the first, is refused because the second has its key; null where it is the same once more, so that the caller is
    /// given the second.
    /// </summary>
    public Func<TRow, TRow, AgentPersistenceException?> Conflict { get; init; } = static (_, _) => null;

    /// <summary>
    /// Why a row is refused whose parent (<see cref="BulkInsert{TRow}.Parent"/>) is not there; null where rows have no parent.
    /// </summary>
    public Func<TRow, AgentPersistenceException>? ParentMissing { get; init; }

    /// <summary>Whether the database could store some of the rows and refuse others.</summary>
    public bool CanBeDivided(RowAppend<TRow> append) =>
        append.Rows.Count > 1 && (Insert.Parent is not null || append.Rows.Any(r => Key(r) is not null));
}
