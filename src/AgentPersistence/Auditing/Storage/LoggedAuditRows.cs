using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>The rows that new ones could collide with: stored ones, and those that enter the chain in the same commit.</summary>
internal sealed class LoggedAuditRows
{
    private readonly Dictionary<Guid, AuditActionRow> _byId = [];
    private readonly Dictionary<string, AuditActionRow> _byKey = [];
    private readonly Dictionary<Guid, Guid> _successors = [];

    private LoggedAuditRows(IEnumerable<AuditActionRow> stored)
    {
        foreach (var row in stored)
        {
            Add(row);
        }
    }

    /// <summary>Reads what the rows could collide with, and what they follow; their own ids only where they may be stored already.</summary>
    public static async Task<LoggedAuditRows> FindAsync(
        UnitOfWork unit, IEnumerable<AuditRow> rows, bool checkIds, CancellationToken cancellationToken, bool inTransaction = false)
    {
        var (ids, keys, previous) = (new List<Guid>(), new List<string>(), new List<Guid>());
        foreach (var row in rows)
        {
            if (checkIds)
            {
                ids.Add(row.Id);
            }

            if (row.IdempotencyKey is { } key)
            {
                keys.Add(key);
            }

            if (row.PreviousId is { } id)
            {
                ids.Add(id);
                previous.Add(id);
            }
        }

        if (ids.Count + keys.Count + previous.Count == 0)
        {
            return new LoggedAuditRows([]);
        }

        // The staged ones first: one that is chained between the two statements is then seen twice, and not never.
        List<AuditActionRow> staged = inTransaction && unit.Dialect.StagesAuditEntries
            ? await unit.Command(unit.Dialect.FindStagedAuditCollisions).Ids("ids", ids).Texts("keys", keys).Ids("previous", previous)
                .ReadAllAsync(ReadStaged, cancellationToken).ConfigureAwait(false)
            : [];
        var logged = await unit.Command(unit.Dialect.FindAuditCollisions).Ids("ids", ids).Texts("keys", keys).Ids("previous", previous)
            .ReadAllAsync(ReadLogged, cancellationToken).ConfigureAwait(false);
        return new LoggedAuditRows(logged.Concat(staged));
    }

    public static AuditActionRow ReadLogged(StoreReader row) => ReadStaged(row) with { Sequence = row.Number(5) };

    public static AuditActionRow ReadStaged(StoreReader row) =>
        new(row.Id(0), row.Id(1), row.IdOrNull(2), row.Text(3), row.TextOrNull(4), Sequence: null);

    /// <summary>The row itself, stored before, or the one that was logged under its key.</summary>
    public AuditActionRow? Find(AuditRow row) =>
        _byId.GetValueOrDefault(row.Id) ?? (row.IdempotencyKey is { } key ? _byKey.GetValueOrDefault(key) : null);

    /// <summary>Whether the row that this one follows is followed by another, or is not in the action: pruned, or never chained as such.</summary>
    public bool IsTooLate(AuditRow row) => row.PreviousId is { } previous
        && (_byId.GetValueOrDefault(previous)?.ActionId != row.ActionId
            || (_successors.TryGetValue(previous, out var successor) && successor != row.Id));

    public void Add(AuditRow row, long? sequence) =>
        Add(new AuditActionRow(row.Id, row.ActionId, row.PreviousId, row.Status, row.IdempotencyKey, sequence));

    private void Add(AuditActionRow row)
    {
        _byId.TryAdd(row.Id, row);
        if (row.IdempotencyKey is { } key)
        {
            _byKey.TryAdd(key, row);
        }

        if (row.PreviousId is { } previous)
        {
            _successors.TryAdd(previous, row.Id);
        }
    }
}
