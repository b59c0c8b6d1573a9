using System.Linq.Expressions;

namespace AgentPersistence.Auditing.Storage;

/// <summary>An action's first row and its newest, which are the same until it is completed.</summary>
internal sealed class AuditActionPair
{
    /// <summary>The sequence of a row that is staged: it counts as the newest.</summary>
    public const long Unchained = long.MaxValue;

    public required AuditReadRow First { get; init; }

    public required AuditReadRow Newest { get; init; }

    /// <summary>What the row before the newest had given back: an outcome that leaves it out keeps it.</summary>
    public string? PreviousOutput { get; init; }

    /// <summary>The error text of the row before the newest, likewise.</summary>
    public string? PreviousError { get; init; }

    /// <summary>The actions that begin with the first rows which are chosen.</summary>
    public static IQueryable<AuditActionPair> In(
        AgentPersistenceDbContext context, bool withStaged, Func<IQueryable<AuditReadRow>, IQueryable<AuditReadRow>> choose)
    {
        var rows = context.AuditEntries.Select(AuditReadRow.Logged);
        rows = withStaged ? rows.Concat(context.AuditStaged.Select(AuditReadRow.Staged)) : rows;
        return from first in choose(rows.Where(r => r.PreviousId == null))
               from newest in rows.Where(r => r.ActionId == first.ActionId && !rows.Any(s => s.PreviousId == r.Id))
               select new AuditActionPair
               {
                   First = first,
                   Newest = newest,
                   PreviousOutput = rows.Where(r => r.Id == newest.PreviousId).Select(r => r.OutputData).FirstOrDefault(),
                   PreviousError = rows.Where(r => r.Id == newest.PreviousId).Select(r => r.ErrorMessage).FirstOrDefault(),
               };
    }
}

/// <summary>A row of either table, as reading needs it.</summary>
internal sealed class AuditReadRow : AuditRow
{
    public static readonly Expression<Func<AuditEntryEntity, AuditReadRow>> Logged = e => new AuditReadRow
    {
        Id = e.Id,
        Sequence = e.Sequence,
        ActionId = e.ActionId,
        PreviousId = e.PreviousId,
        RunId = e.RunId,
        UserId = e.UserId,
        SessionId = e.SessionId,
        EventType = e.EventType,
        Intent = e.Intent,
        Action = e.Action,
        InputData = e.InputData,
        OutputData = e.OutputData,
        EventDetails = e.EventDetails,
        Status = e.Status,
        ErrorMessage = e.ErrorMessage,
        IdempotencyKey = e.IdempotencyKey,
        OccurredAt = e.OccurredAt,
        CreatedAt = e.CreatedAt,
        PersonalHash = e.PersonalHash,
        IsErased = e.Salt == null,
    };

    public static readonly Expression<Func<AuditStagedEntity, AuditReadRow>> Staged = e => new AuditReadRow
    {
        Id = e.Id,
        Sequence = AuditActionPair.Unchained,
        ActionId = e.ActionId,
        PreviousId = e.PreviousId,
        RunId = e.RunId,
        UserId = e.UserId,
        SessionId = e.SessionId,
        EventType = e.EventType,
        Intent = e.Intent,
        Action = e.Action,
        InputData = e.InputData,
        OutputData = e.OutputData,
        EventDetails = e.EventDetails,
        Status = e.Status,
        ErrorMessage = e.ErrorMessage,
        IdempotencyKey = e.IdempotencyKey,
        OccurredAt = e.OccurredAt,
        CreatedAt = e.CreatedAt,
        PersonalHash = e.PersonalHash,
        IsErased = false,
    };

    public long Sequence { get; init; }

    public bool IsErased { get; init; }
}
