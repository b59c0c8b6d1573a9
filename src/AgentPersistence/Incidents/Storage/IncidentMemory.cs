using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Incidents.Storage;

internal sealed class IncidentMemory(StoreExecutor executor, IRowAppender<IncidentConfidenceEntity> confidences) : IIncidentMemory
{
    private const string Kind = "incident";
    private const int MostSimilar = 1_000;
    private const int MostDays = 36_500;

    private static readonly string Pending = EnumText<IncidentOutcome>.From(IncidentOutcome.Pending);
    private static readonly string PendingApproval = EnumText<IncidentOutcome>.From(IncidentOutcome.PendingApproval);

    private readonly IncidentFullText _fullText = new(executor);
    private readonly IncidentVectors _vectors = new(executor);

    public async Task<IncidentReceipt> RecordAsync(NewIncident incident, CancellationToken cancellationToken = default)
    {
        var row = IncidentRow.Prepare(incident, executor);
        var embedding = await IncidentEmbedding.MakeAsync(
            executor.Options.Incidents, row.SignalCluster, row.Embedding, cancellationToken).ConfigureAwait(false);
        row.Embedding = embedding.Vector;
        var confidence = ConfidenceRows.Prepare(
            new NewConfidence
            {
                SignalCluster = row.SignalCluster,
                Confidence = row.Confidence,
                Cause = ConfidenceRecord.IncidentRecorded,
                IncidentId = row.Id,
            },
            executor);
        var found = await executor.TransactAsync(
            async (unit, ct) =>
            {
                if (await unit.Dialect.InsertNewAsync(unit, IncidentRow.Insert, [row], boundsWait: false, ct).ConfigureAwait(false) == 0)
                {
                    return await FindRowAsync(unit, row.Id, ct).ConfigureAwait(false) ?? throw new IncidentNotFoundException(row.Id);
                }

                await unit.Dialect.InsertManyAsync(unit, ConfidenceRows.Insert, [confidence], ct).ConfigureAwait(false);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
        return found is null || found.WriteId == row.WriteId ? new IncidentReceipt(row.Id, AlreadyRecorded: false, embedding.Failure)
            : found.IsSame(row) ? new IncidentReceipt(row.Id, AlreadyRecorded: true)
            : throw new IncidentConflictException(row.Id);
    }

    public async Task<Incident> UpdateOutcomeAsync(Guid incidentId, IncidentUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var outcome = EnumText<IncidentOutcome>.From(Input.Defined(update.Outcome, nameof(update.Outcome)));
        var actions = Input.Json(update.ActionsTaken, nameof(update.ActionsTaken), executor.Options.MaxJsonBytes);
        var (writeId, isRepeat) = (executor.Ids.Next(), false);
        while (true)
        {
            var stored = await executor.WriteAsync(
                async (unit, ct) =>
                {
                    isRepeat |= unit.IsRepeat;
                    var own = unit.IsRepeat ? await FindRowAsync(unit, incidentId, ct).ConfigureAwait(false) : null;
                    return own?.WriteId == writeId ? own : await unit.Command(unit.Dialect.UpdateIncidentOutcome)
                        .Id("id", incidentId).Text("outcome", outcome).Json("actions", actions).Time("updated_at", unit.Dialect.Now)
                        .Id("write_id", writeId).Text("pending", Pending).Text("approval", PendingApproval)
                        .ReadFirstAsync(IncidentRow.Read, ct).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            var found = stored?.Incident
                ?? await FindAsync(incidentId, cancellationToken).ConfigureAwait(false) ?? throw new IncidentNotFoundException(incidentId);

            // An open one was recorded since the update looked for it.
            if (stored is not null || found.Outcome is not (IncidentOutcome.Pending or IncidentOutcome.PendingApproval))
            {
                return stored is not null || IsSame(found, update.Outcome, actions) ? found
                    : isRepeat ? throw new WriteInDoubtException(Kind, incidentId.ToString())
                    : throw new IncidentClosedException(incidentId, found.Outcome);
            }
        }
    }

    public Task<Incident?> FindAsync(Guid incidentId, CancellationToken cancellationToken = default) => executor.ReadAsync(
        async (unit, ct) => (await FindRowAsync(unit, incidentId, ct).ConfigureAwait(false))?.Incident, cancellationToken);

    public async Task<IReadOnlyList<Incident>> QueryAsync(IncidentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var cause = Input.Name(query.RootCause, nameof(query.RootCause));
        var outcome = query.Outcome is { } asked ? EnumText<IncidentOutcome>.From(Input.Defined(asked, nameof(query.Outcome))) : null;
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryIncidents(query))
                .Text("root_cause", cause).Text("outcome", outcome).Time("from", Input.Time(query.From)).Time("to", Input.Time(query.To))
                .Time("after_time", query.After?.CreatedAt).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(row => IncidentRow.Read(row).Incident, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<SimilarIncidents> FindSimilarAsync(
        string signalCluster, int limit = 5, ReadOnlyMemory<float>? embedding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signalCluster);
        Input.Limit(limit, MostSimilar, nameof(limit));
        var given = embedding is { } vector ? EmbeddingVector.From(vector.Span, nameof(embedding)) : null;
        var signal = Input.Text(signalCluster);
        var made = await IncidentEmbedding.MakeAsync(
            executor.Options.Incidents, signal, given, cancellationToken).ConfigureAwait(false);
        if (made.Vector is not null
            && await _vectors.FindAsync(made.Vector, limit, cancellationToken).ConfigureAwait(false) is [_, ..] found)
        {
            return new SimilarIncidents { Ranking = IncidentRanking.Vector, Matches = found };
        }

        return new SimilarIncidents
        {
            Ranking = IncidentRanking.FullText,
            Matches = await _fullText.FindAsync(signal, limit, cancellationToken).ConfigureAwait(false),
            EmbeddingFailure = made.Failure,
        };
    }

    public async Task<ConfidenceRecord> AppendConfidenceAsync(NewConfidence confidence, CancellationToken cancellationToken = default)
    {
        var append = new RowAppend<IncidentConfidenceEntity>([ConfidenceRows.Prepare(confidence, executor)]);
        cancellationToken.ThrowIfCancellationRequested();
        await confidences.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        return append.Refusal is null ? ConfidenceRows.Record(append.Stored[0]) : throw append.Refusal;
    }

    public async Task<IReadOnlyList<ConfidenceRecord>> GetConfidenceHistoryAsync(
        string? signalCluster = null,
        int days = 30,
        ConfidenceRecord? after = null,
        int limit = 1_000,
        CancellationToken cancellationToken = default)
    {
        Input.Limit(days, MostDays, nameof(days));
        Input.Limit(limit, Input.MaxPageSize, nameof(limit));
        var hash = signalCluster is null ? null : ConfidenceRows.Hash(Input.Text(signalCluster));
        var from = executor.Dialect.Now - TimeSpan.FromDays(days);
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.ReadConfidenceHistory(hash is not null, after is not null))
                .Bytes("hash", hash).Time("from", from)
                .Time("after_time", after?.RecordedAt).Id("after_id", after?.Id).Number("limit", limit)
                .ReadAllAsync(row => ConfidenceRows.Record(ConfidenceRows.Read(row)), ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<RootCauseStatistics>> GetSuccessRatesByRootCauseAsync(
        DateTimeOffset? from = null, int limit = 1_000, CancellationToken cancellationToken = default)
    {
        Input.Limit(limit, Input.MaxPageSize, nameof(limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.SummarizeRootCauses(from is not null))
                .Text("completed", EnumText<IncidentOutcome>.From(IncidentOutcome.Completed))
                .Text("pending", Pending).Text("approval", PendingApproval)
                .Time("from", Input.Time(from)).Number("limit", limit)
                .ReadAllAsync(Statistics, ct),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an update would change nothing.</summary>
    private static bool IsSame(Incident found, IncidentOutcome outcome, string? actions) =>
        found.Outcome == outcome && (actions is null || actions == found.ActionsTaken?.GetRawText());

    private static Task<IncidentRow?> FindRowAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindIncident).Id("id", id).ReadFirstAsync(IncidentRow.Read, cancellationToken);

    private static RootCauseStatistics Statistics(StoreReader row) => new()
    {
        RootCause = row.TextOrNull(0),
        TotalIncidents = row.Number(1),
        SettledIncidents = row.Number(2),
        SuccessfulResolutions = row.Number(3),
        SuccessRate = row.RealOrNull(4).GetValueOrDefault(),
        AverageConfidence = row.RealOrNull(5).GetValueOrDefault(),
    };
}
