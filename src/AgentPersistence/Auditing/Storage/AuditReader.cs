using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Reads actions: what their first row says, and where their newest row, the one without a successor, has brought them. Outside
/// transactions what is staged is chained first; inside one, its staged rows are read where they are.
/// </summary>
internal sealed class AuditReader(StoreExecutor executor)
{
    public async Task<AuditActionRow> FindNewestRowAsync(Guid actionId, CancellationToken cancellationToken)
    {
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        var rows = await executor.ReadAsync(
            async (unit, ct) =>
            {
                // The staged ones first: one that is chained between the two statements is then seen twice, and not never.
                List<AuditActionRow> staged = ReadsStaged
                    ? await unit.Command(unit.Dialect.FindStagedAuditAction).Id("id", actionId)
                        .ReadAllAsync(LoggedAuditRows.ReadStaged, ct).ConfigureAwait(false)
                    : [];
                var logged = await unit.Command(unit.Dialect.FindAuditAction).Id("id", actionId)
                    .ReadAllAsync(LoggedAuditRows.ReadLogged, ct).ConfigureAwait(false);
                return logged.Concat(staged).ToList();
            },
            cancellationToken).ConfigureAwait(false);
        return rows.Find(row => rows.TrueForAll(other => other.PreviousId != row.Id)) ?? throw new AuditEntryNotFoundException(actionId);
    }

    public async Task<AuditRecord?> FindAsync(Guid actionId, CancellationToken cancellationToken) =>
        (await ReadAsync(actions => actions.Where(a => a.First.Id == actionId), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async Task<AuditRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken) =>
        (await ReadAsync(actions => actions.Where(a => a.First.IdempotencyKey == key), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async Task<IReadOnlyList<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken) =>
        await ReadAsync(actions => Page(Filter(actions, query), query), cancellationToken).ConfigureAwait(false);

    private bool ReadsStaged => executor.InTransaction && executor.Dialect.StagesAuditEntries;

    private async Task<List<AuditRecord>> ReadAsync(
        Func<IQueryable<AuditActionPair>, IQueryable<AuditActionPair>> narrow, CancellationToken cancellationToken)
    {
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        var pairs = await executor.ReadAsync(
            (unit, ct) => narrow(AuditActionPair.In(unit.Context, ReadsStaged)).ToListAsync(ct), cancellationToken).ConfigureAwait(false);
        return pairs.ConvertAll(Record);
    }

    private static IQueryable<AuditActionPair> Filter(IQueryable<AuditActionPair> actions, AuditQuery query)
    {
        // Each filter stands in the statement only where it is asked for, so that its index serves it.
        actions = query.RunId is { } runId ? actions.Where(a => a.First.RunId == runId) : actions;
        actions = query.UserId is { } userId ? actions.Where(a => a.First.UserId == userId) : actions;
        actions = query.SessionId is { } sessionId ? actions.Where(a => a.First.SessionId == sessionId) : actions;
        actions = query.EventType is { } eventType ? actions.Where(a => a.First.EventType == eventType) : actions;
        actions = query.Intent is { } intent ? actions.Where(a => a.First.Intent == intent) : actions;
        actions = query.Action is { } action ? actions.Where(a => a.First.Action == action) : actions;
        actions = query.From is { } from ? actions.Where(a => a.First.OccurredAt >= from) : actions;
        actions = query.To is { } to ? actions.Where(a => a.First.OccurredAt < to) : actions;
        if (query.Status is { } asked)
        {
            var status = EnumText<AuditStatus>.From(asked);
            actions = actions.Where(a => a.Newest.Status == status);
        }

        return actions;
    }

    private static IQueryable<AuditActionPair> Page(IQueryable<AuditActionPair> actions, AuditQuery query)
    {
        if (query.AfterSequence is { } after)
        {
            actions = query.OldestFirst ? actions.Where(a => a.First.Sequence > after) : actions.Where(a => a.First.Sequence < after);
        }

        var ordered = query.OldestFirst
            ? actions.OrderBy(a => a.First.Sequence).ThenBy(a => a.First.Id)
            : actions.OrderByDescending(a => a.First.Sequence).ThenByDescending(a => a.First.Id);
        return ordered.Take(query.Limit);
    }

    private static AuditRecord Record(AuditActionPair action)
    {
        var (first, newest) = (action.First, action.Newest);
        return new AuditRecord
        {
            Id = first.Id,
            Sequence = first.Sequence == AuditActionPair.Unchained ? 0 : first.Sequence,
            RunId = first.RunId,
            UserId = first.UserId,
            SessionId = first.SessionId,
            EventType = first.EventType,
            Intent = first.Intent,
            Action = first.Action,
            Input = StoredJson.Parse(first.InputData),
            Output = StoredJson.Parse(newest.OutputData ?? action.PreviousOutput ?? first.OutputData),
            Details = StoredJson.Parse(first.EventDetails),
            Status = EnumText<AuditStatus>.Parse(newest.Status),
            ErrorMessage = newest.ErrorMessage ?? action.PreviousError ?? first.ErrorMessage,
            IdempotencyKey = first.IdempotencyKey,
            OccurredAt = first.OccurredAt,
            CreatedAt = first.CreatedAt,
            UpdatedAt = newest.CreatedAt,
            IsErased = first.IsErased,
        };
    }
}
