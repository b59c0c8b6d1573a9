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
    // How many more actions at most are read than a page has, because some come to their status later than others that began after them.
    private const int MostOutOfOrder = 100;

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
        (await ReadAsync(context => AuditActionPair.In(context, ReadsStaged, firsts => firsts.Where(r => r.Id == actionId)), cancellationToken)
            .ConfigureAwait(false)).FirstOrDefault();

    public async Task<AuditRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken) =>
        (await ReadAsync(
            context => AuditActionPair.In(context, ReadsStaged, firsts => firsts.Where(r => r.IdempotencyKey == key)), cancellationToken)
            .ConfigureAwait(false)).FirstOrDefault();

    public async Task<IReadOnlyList<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        // Nearly all are in Success, so that its page is soon found from the newest action on.
        var asksForStatusAlone = query.Status is not (null or AuditStatus.Success) && query == new AuditQuery { Status = query.Status, Limit = query.Limit };
        var newest = asksForStatusAlone && !ReadsStaged
            ? await FindNewestAsync(query.Status!.Value, query.Limit, cancellationToken).ConfigureAwait(false)
            : null;
        return newest ?? await ReadAsync(context => Query(context, ReadsStaged, query), cancellationToken).ConfigureAwait(false);
    }

    public static IQueryable<AuditActionPair> Query(AgentPersistenceDbContext context, bool withStaged, AuditQuery query)
    {
        if (query.Status is not { } asked)
        {
            // The page is cut before the newest rows are sought, so that no plan seeks those of the whole log.
            return Page(AuditActionPair.In(context, withStaged, firsts => Page(Filter(firsts, query), query)), query);
        }

        var status = EnumText<AuditStatus>.From(asked);
        return Page(AuditActionPair.In(context, withStaged, firsts => Filter(firsts, query)).Where(a => a.Newest.Status == status), query);
    }

    /// <summary>The actions in a status by the index, which has them in the order in which they have come to it.</summary>
    public static IQueryable<AuditActionPair> QueryNewest(AgentPersistenceDbContext context, AuditStatus asked, int limit)
    {
        var status = EnumText<AuditStatus>.From(asked);
        return AuditActionPair.In(context, withStaged: false, firsts => firsts)
            .Where(a => a.Newest.Status == status).OrderByDescending(a => a.Newest.Sequence).Take(limit);
    }

    private bool ReadsStaged => executor.InTransaction && executor.Dialect.StagesAuditEntries;

    /// <summary>
    /// The page of a status whose actions mostly came to it soon after they began; null where the index cannot tell. It is read by the
    /// index, because few actions may be in the status: sought from the newest action on, they would be sought through the whole log.
    /// </summary>
    private async Task<List<AuditRecord>?> FindNewestAsync(AuditStatus status, int limit, CancellationToken cancellationToken)
    {
        // A pending action's newest row is its first: there the order of the index is the page's.
        var sought = status == AuditStatus.Pending ? limit : limit + Math.Min(limit, MostOutOfOrder);
        var found = await ReadPairsAsync(context => QueryNewest(context, status, sought), cancellationToken).ConfigureAwait(false);
        var page = found.OrderByDescending(a => a.First.Sequence).Take(limit).ToList();

        // What comes later in the index began before the last that was found there.
        return found.Count < sought || page[^1].First.Sequence >= found[^1].Newest.Sequence ? page.ConvertAll(Record) : null;
    }

    private async Task<List<AuditRecord>> ReadAsync(
        Func<AgentPersistenceDbContext, IQueryable<AuditActionPair>> query, CancellationToken cancellationToken) =>
        (await ReadPairsAsync(query, cancellationToken).ConfigureAwait(false)).ConvertAll(Record);

    private async Task<List<AuditActionPair>> ReadPairsAsync(
        Func<AgentPersistenceDbContext, IQueryable<AuditActionPair>> query, CancellationToken cancellationToken)
    {
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        return await executor.ReadAsync((unit, ct) => query(unit.Context).ToListAsync(ct), cancellationToken).ConfigureAwait(false);
    }

    private static IQueryable<AuditReadRow> Filter(IQueryable<AuditReadRow> firsts, AuditQuery query)
    {
        // Each filter stands in the statement only where it is asked for, so that its index serves it.
        firsts = query.RunId is { } runId ? firsts.Where(r => r.RunId == runId) : firsts;
        firsts = query.UserId is { } userId ? firsts.Where(r => r.UserId == userId) : firsts;
        firsts = query.SessionId is { } sessionId ? firsts.Where(r => r.SessionId == sessionId) : firsts;
        firsts = query.EventType is { } eventType ? firsts.Where(r => r.EventType == eventType) : firsts;
        firsts = query.Intent is { } intent ? firsts.Where(r => r.Intent == intent) : firsts;
        firsts = query.Action is { } action ? firsts.Where(r => r.Action == action) : firsts;
        firsts = query.From is { } from ? firsts.Where(r => r.OccurredAt >= from) : firsts;
        firsts = query.To is { } to ? firsts.Where(r => r.OccurredAt < to) : firsts;
        return query.AfterSequence is not { } after ? firsts
            : query.OldestFirst ? firsts.Where(r => r.Sequence > after)
            : firsts.Where(r => r.Sequence < after);
    }

    private static IQueryable<AuditReadRow> Page(IQueryable<AuditReadRow> firsts, AuditQuery query) =>
        (query.OldestFirst
            ? firsts.OrderBy(r => r.Sequence).ThenBy(r => r.Id)
            : firsts.OrderByDescending(r => r.Sequence).ThenByDescending(r => r.Id)).Take(query.Limit);

    private static IQueryable<AuditActionPair> Page(IQueryable<AuditActionPair> pairs, AuditQuery query) =>
        (query.OldestFirst
            ? pairs.OrderBy(a => a.First.Sequence).ThenBy(a => a.First.Id)
            : pairs.OrderByDescending(a => a.First.Sequence).ThenByDescending(a => a.First.Id)).Take(query.Limit);

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
