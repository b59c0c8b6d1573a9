using System.Security.Cryptography;
using System.Text;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Incidents.Storage;

/// <summary>Rows of the confidence history: made of what is given, and turned into records.</summary>
internal static class ConfidenceRows
{
    private const int FixedSize = 100;

    public static readonly BulkInsert<IncidentConfidenceEntity> Insert = new(
        typeof(IncidentConfidenceEntity),
        [
            new(nameof(IncidentConfidenceEntity.Id), StoredType.Id, c => c.Id),
            new(nameof(IncidentConfidenceEntity.SignalCluster), StoredType.Text, c => c.SignalCluster),
            new(nameof(IncidentConfidenceEntity.SignalHash), StoredType.Bytes, c => c.SignalHash),
            new(nameof(IncidentConfidenceEntity.Confidence), StoredType.Real, c => c.Confidence),
            new(nameof(IncidentConfidenceEntity.Cause), StoredType.Text, c => c.Cause),
            new(nameof(IncidentConfidenceEntity.IncidentId), StoredType.Id, c => c.IncidentId),
            new(nameof(IncidentConfidenceEntity.RecordedAt), StoredType.Time, c => c.RecordedAt),
        ]);

    public static readonly AppendTable<IncidentConfidenceEntity> Table = new()
    {
        Insert = Insert,
        Id = row => row.Id,
        Size = row => FixedSize + row.SignalCluster.Length,
        Read = Read,
    };

    /// <exception cref="ArgumentException">A member of the confidence breaks its documented rule.</exception>
    public static IncidentConfidenceEntity Prepare(NewConfidence confidence, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(confidence);
        ArgumentNullException.ThrowIfNull(confidence.SignalCluster, nameof(confidence.SignalCluster));
        var signal = Input.Text(confidence.SignalCluster);
        return new IncidentConfidenceEntity
        {
            Id = executor.Ids.Next(),
            SignalCluster = signal,
            SignalHash = Hash(signal),
            Confidence = Confidence(confidence.Confidence, nameof(confidence.Confidence)),
            Cause = Input.Name(confidence.Cause, nameof(confidence.Cause)),
            IncidentId = confidence.IncidentId,
            RecordedAt = executor.Dialect.Now,
        };
    }

    /// <summary>A confidence: 0 to 1.</summary>
    public static double Confidence(double value, string argument) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(argument, "A confidence must be between 0 and 1.");

    public static byte[] Hash(string signalCluster) => SHA256.HashData(Encoding.UTF8.GetBytes(signalCluster));

    public static ConfidenceRecord Record(IncidentConfidenceEntity row) => new()
    {
        Id = row.Id,
        SignalCluster = row.SignalCluster,
        Confidence = row.Confidence,
        Cause = row.Cause,
        IncidentId = row.IncidentId,
        RecordedAt = row.RecordedAt,
    };

    /// <summary>Reads <c>{IncidentConfidence.*}</c>.</summary>
    public static IncidentConfidenceEntity Read(StoreReader row)
    {
        var columns = row.Table<IncidentConfidenceEntity>();
        return new IncidentConfidenceEntity
        {
            Id = row.Id(columns.Ordinal(nameof(IncidentConfidenceEntity.Id))),
            SignalCluster = row.Text(columns.Ordinal(nameof(IncidentConfidenceEntity.SignalCluster))),
            SignalHash = row.Bytes(columns.Ordinal(nameof(IncidentConfidenceEntity.SignalHash))),
            Confidence = row.RealOrNull(columns.Ordinal(nameof(IncidentConfidenceEntity.Confidence))).GetValueOrDefault(),
            Cause = row.TextOrNull(columns.Ordinal(nameof(IncidentConfidenceEntity.Cause))),
            IncidentId = row.IdOrNull(columns.Ordinal(nameof(IncidentConfidenceEntity.IncidentId))),
            RecordedAt = row.Time(columns.Ordinal(nameof(IncidentConfidenceEntity.RecordedAt))),
        };
    }
}
