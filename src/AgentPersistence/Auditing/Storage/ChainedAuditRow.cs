using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Auditing.Storage;

/// <summary>Where the chain ends.</summary>
internal readonly record struct AuditChainEnd(long Sequence, byte[] Hash)
{
    /// <summary>Puts a row behind the end, which it then is.</summary>
    public ChainedAuditRow Chain(AuditRow row) => new(row, Sequence + 1, AuditHash.OfRow(Hash, Sequence + 1, row));

    /// <summary>Whether nothing was appended between the two.</summary>
    public bool IsAt(AuditChainEnd other) => Sequence == other.Sequence && Hash.AsSpan().SequenceEqual(other.Hash);
}

/// <summary>A row in its place in the chain.</summary>
internal readonly record struct ChainedAuditRow(AuditRow Row, long Sequence, byte[] Hash)
{
    public AuditChainEnd End => new(Sequence, Hash);
}

/// <summary>Which columns the two audit tables are filled with.</summary>
internal static class AuditColumns
{
    public static readonly BulkInsert<AuditStagedEntity> Staged = new(typeof(AuditStagedEntity), [.. Of<AuditStagedEntity>(row => row)]);

    public static readonly BulkInsert<ChainedAuditRow> Log = new(
        typeof(AuditEntryEntity),
        [
            .. Of<ChainedAuditRow>(chained => chained.Row),
            new(nameof(AuditEntryEntity.Sequence), StoredType.Number, chained => chained.Sequence),
            new(nameof(AuditEntryEntity.Hash), StoredType.Bytes, chained => chained.Hash),
        ]);

    private static IEnumerable<BulkColumn<TRow>> Of<TRow>(Func<TRow, AuditRow> row)
    {
        BulkColumn<TRow> Column(string property, StoredType type, Func<AuditRow, object?> value) => new(property, type, r => value(row(r)));
        yield return Column(nameof(AuditRow.Id), StoredType.Id, r => r.Id);
        yield return Column(nameof(AuditRow.ActionId), StoredType.Id, r => r.ActionId);
        yield return Column(nameof(AuditRow.PreviousId), StoredType.Id, r => r.PreviousId);
        yield return Column(nameof(AuditRow.RunId), StoredType.Text, r => r.RunId);
        yield return Column(nameof(AuditRow.UserId), StoredType.Text, r => r.UserId);
        yield return Column(nameof(AuditRow.SessionId), StoredType.Text, r => r.SessionId);
        yield return Column(nameof(AuditRow.EventType), StoredType.Text, r => r.EventType);
        yield return Column(nameof(AuditRow.Intent), StoredType.Text, r => r.Intent);
        yield return Column(nameof(AuditRow.Action), StoredType.Text, r => r.Action);
        yield return Column(nameof(AuditRow.InputData), StoredType.Json, r => r.InputData);
        yield return Column(nameof(AuditRow.OutputData), StoredType.Json, r => r.OutputData);
        yield return Column(nameof(AuditRow.EventDetails), StoredType.Json, r => r.EventDetails);
        yield return Column(nameof(AuditRow.Status), StoredType.Text, r => r.Status);
        yield return Column(nameof(AuditRow.ErrorMessage), StoredType.Text, r => r.ErrorMessage);
        yield return Column(nameof(AuditRow.IdempotencyKey), StoredType.Text, r => r.IdempotencyKey);
        yield return Column(nameof(AuditRow.OccurredAt), StoredType.Time, r => r.OccurredAt);
        yield return Column(nameof(AuditRow.CreatedAt), StoredType.Time, r => r.CreatedAt);
        yield return Column(nameof(AuditRow.Format), StoredType.Number, r => (long)r.Format);
        yield return Column(nameof(AuditRow.Salt), StoredType.Bytes, r => r.Salt);
        yield return Column(nameof(AuditRow.PersonalHash), StoredType.Bytes, r => r.PersonalHash);
    }
}
