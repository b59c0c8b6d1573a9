using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Incidents.Storage;

/// <summary>An incident as it was read, with the write that made it what it is.</summary>
internal sealed record IncidentRow(Incident Incident, Guid WriteId)
{
    public static readonly BulkInsert<IncidentEntity> Insert = new(
        typeof(IncidentEntity),
        [
            new(nameof(IncidentEntity.Id), StoredType.Id, i => i.Id),
            new(nameof(IncidentEntity.SearchTerms), StoredType.Text, i => i.SearchTerms),
            new(nameof(IncidentEntity.SearchLength), StoredType.Number, i => i.SearchLength),
            new(nameof(IncidentEntity.Confidence), StoredType.Real, i => i.Confidence),
            new(nameof(IncidentEntity.Outcome), StoredType.Text, i => i.Outcome),
            new(nameof(IncidentEntity.RootCause), StoredType.Text, i => i.RootCause),
            new(nameof(IncidentEntity.CreatedAt), StoredType.Time, i => i.CreatedAt),
            new(nameof(IncidentEntity.UpdatedAt), StoredType.Time, i => i.UpdatedAt),
            new(nameof(IncidentEntity.WriteId), StoredType.Id, i => i.WriteId),
            new(nameof(IncidentEntity.SignalCluster), StoredType.Text, i => i.SignalCluster),
            new(nameof(IncidentEntity.ActionTaken), StoredType.Json, i => i.ActionTaken),
            new(nameof(IncidentEntity.Embedding), StoredType.Bytes, i => i.Embedding),
        ]);

    /// <summary>The row of an incident, with the given vector.</summary>
    /// <exception cref="ArgumentException">A member of the incident breaks its documented rule.</exception>
    public static IncidentEntity Prepare(NewIncident incident, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(incident.SignalCluster, nameof(incident.SignalCluster));
        if (incident.Id == Guid.Empty)
        {
            throw new ArgumentException("An id must not be empty: make one, or leave it to the store.", nameof(incident.Id));
        }

        var signal = Input.Text(incident.SignalCluster);
        var (terms, now) = (IncidentTerms.Of(signal), executor.Dialect.Now);
        return new IncidentEntity
        {
            Id = incident.Id ?? executor.Ids.Next(),
            SearchTerms = terms.ToString(),
            SearchLength = terms.Length,
            SignalCluster = signal,
            RootCause = Input.Name(incident.RootCause, nameof(incident.RootCause)),
            Confidence = ConfidenceRows.Confidence(incident.Confidence, nameof(incident.Confidence)),
            Outcome = EnumText<IncidentOutcome>.From(Input.Defined(incident.Outcome, nameof(incident.Outcome))),
            ActionTaken = Input.Json(incident.ActionsTaken, nameof(incident.ActionsTaken), executor.Options.MaxJsonBytes),
            Embedding = incident.Embedding is { } vector ? EmbeddingVector.From(vector.Span, nameof(incident.Embedding)) : null,
            CreatedAt = now,
            UpdatedAt = now,
            WriteId = executor.Ids.Next(),
        };
    }

    /// <summary>Whether this is what was recorded, whatever has become of it since.</summary>
    public bool IsSame(IncidentEntity other) =>
        (Incident.SignalCluster, Incident.RootCause, Incident.Confidence) == (other.SignalCluster, other.RootCause, other.Confidence);

    /// <summary>Reads the columns of an incident (<c>SqlDialect.IncidentColumns</c>).</summary>
    public static IncidentRow Read(StoreReader row) => new(
        new Incident
        {
            Id = row.Id(0),
            SignalCluster = row.Text(1),
            RootCause = row.TextOrNull(2),
            Confidence = row.RealOrNull(3).GetValueOrDefault(),
            ActionsTaken = StoredJson.Parse(row.TextOrNull(4)),
            Outcome = EnumText<IncidentOutcome>.Parse(row.Text(5)),
            HasEmbedding = row.Flag(6),
            CreatedAt = row.Time(7),
            UpdatedAt = row.Time(8),
        },
        row.Id(9));
}
