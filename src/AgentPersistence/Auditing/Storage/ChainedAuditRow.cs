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
            new(nameof(AuditEntryEntity.Sequence), BulkType.Number, chained => chained.Sequence),
            new(nameof(AuditEntryEntity.Hash), BulkType.Bytes, chained => chained.Hash),
        ]);

    private static IEnumerable<BulkColumn<TRow>> Of<TRow>(Func<TRow, AuditRow> row)
    {
        BulkColumn<TRow> Column(string property, BulkType type, Func<AuditRow, object?> value) => new(property, type, r => value(row(r)));
        yield return Column(nameof(AuditRow.Id), BulkType.Id, r => r.Id);
        yield return Column(nameof(AuditRow.ActionId), BulkType.Id, r => r.ActionId);
        yield return Column(nameof(AuditRow.PreviousId), BulkType.Id, r => r.PreviousId);
        yield return Column(nameof(AuditRow.RunId), BulkType.Text, r => r.RunId);
        yield return Column(nameof(AuditRow.UserId), BulkType.Text, r => r.UserId);
        yield return Column(nameof(AuditRow.SessionId), BulkType.Text, r => r.SessionId);
        yield return Column(nameof(AuditRow.EventType), BulkType.Text, r => r.EventType);
        yield return Column(nameof(AuditRow.Intent), BulkType.Text, r => r.Intent);
        yield return Column(nameof(AuditRow.Action), BulkType.Text, r => r.Action);
        yield return Column(nameof(AuditRow.InputData), BulkType.Json, r => r.InputData);
        yield return Column(nameof(AuditRow.OutputData), BulkType.Json, r => r.OutputData);
        yield return Column(nameof(AuditRow.EventDetails), BulkType.Json, r => r.EventDetails);
        yield return Column(nameof(AuditRow.Status), BulkType.Text, r => r.Status);
        yield return Column(nameof(AuditRow.ErrorMessage), BulkType.Text, r => r.ErrorMessage);
        yield return Column(nameof(AuditRow.IdempotencyKey), BulkType.Text, r => r.IdempotencyKey);
        yield return Column(nameof(AuditRow.OccurredAt), BulkType.Time, r => r.OccurredAt);
        yield return Column(nameof(AuditRow.CreatedAt), BulkType.Time, r => r.CreatedAt);
        yield return Column(nameof(AuditRow.Format), BulkType.Number, r => (long)r.Format);
        yield return Column(nameof(AuditRow.Salt), BulkType.Bytes, r => r.Salt);
        yield return Column(nameof(AuditRow.PersonalHash), BulkType.Bytes, r => r.PersonalHash);
    }
}
