using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Puts rows into the chain: one transaction that locks the head, chains what is staged, leaves out what is logged already, and
/// advances the head. Nothing that holds the head ever waits for a host's transaction; for another process's rows, inserted to follow a
/// commit that is on its way, only until that process sees that their place is lost.
/// </summary>
internal static class AuditChain
{
    private const int StagedPage = 1_000;

    /// <summary>Appends inside the unit's transaction; nothing but what is staged, where there are no appends.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="appends">What to append; each is told what became of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Where the chain ended when the head was locked, whether anything was staged, and where it ends now.</returns>
    public static async Task<(AuditChainEnd Before, bool WasStaged, AuditChainEnd Now)> AppendAsync(
        UnitOfWork unit, IReadOnlyList<AuditAppend> appends, CancellationToken cancellationToken)
    {
        var (end, isStaged) = await unit.Command(unit.Dialect.LockAuditHead)
            .ReadFirstAsync(
                row => (new AuditChainEnd(row.Number(0), row.Bytes(1)), row.Flag(2)), cancellationToken, unit.Dialect.AuditHeadLockResults)
            .ConfigureAwait(false);
        if (end.Hash is null)
        {
            throw new AgentPersistenceException("The one row of agent_audit_head is missing: somebody has removed it, and nothing can be chained.");
        }

        var (before, wasStaged) = (end, isStaged);
        while (isStaged)
        {
            (end, isStaged) = await ChainStagedPageAsync(unit, end, cancellationToken).ConfigureAwait(false);
        }

        if (appends.Count > 0)
        {
            var logged = await LoggedAuditRows.FindAsync(
                unit, appends.SelectMany(a => a.Rows), unit.IsRepeat, cancellationToken).ConfigureAwait(false);
            var chained = new List<ChainedAuditRow>();
            foreach (var append in appends)
            {
                end = Chain(append, logged, end, chained);
            }

            await StoreAsync(unit, chained, cancellationToken).ConfigureAwait(false);
        }

        return (before, wasStaged, end);
    }

    /// <summary>Chains what transactions have staged and committed, where the database stages at all.</summary>
    public static async Task ChainStagedAsync(StoreExecutor executor, CancellationToken cancellationToken)
    {
        if (executor.InTransaction || !executor.Dialect.StagesAuditEntries)
        {
            return;
        }

        var isStaged = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.HasStagedAuditEntries).ReadFirstAsync(_ => true, ct), cancellationToken).ConfigureAwait(false);
        if (isStaged)
        {
            await executor.TransactAsync((unit, ct) => AppendAsync(unit, [], ct), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Chains one caller's rows behind the end, unless they are logged already or come too late.</summary>
    private static AuditChainEnd Chain(AuditAppend append, LoggedAuditRows logged, AuditChainEnd end, List<ChainedAuditRow> chained)
    {
        append.IsRefused = append.Rows.Any(logged.IsTooLate);
        for (var i = 0; i < append.Rows.Length && !append.IsRefused; i++)
        {
            var row = append.Rows[i];
            if (logged.Find(row) is { } earlier)
            {
                append.Receipts[i] = earlier.Receipt(alreadyLogged: earlier.Id != row.Id);
                continue;
            }

            var next = end.Chain(row);
            chained.Add(next);
            logged.Add(row, next.Sequence);
            append.Receipts[i] = new AuditReceipt(row.ActionId, next.Sequence, AlreadyLogged: false);
            end = next.End;
        }

        return end;
    }

    private static async Task<(AuditChainEnd End, bool IsMoreStaged)> ChainStagedPageAsync(
        UnitOfWork unit, AuditChainEnd end, CancellationToken cancellationToken)
    {
        var page = await ReadStagedPageAsync(unit, cancellationToken).ConfigureAwait(false);
        var logged = await LoggedAuditRows.FindAsync(unit, page, checkIds: false, cancellationToken).ConfigureAwait(false);
        var chained = new List<ChainedAuditRow>(page.Count);
        foreach (var row in InOrderOfPrevious(page))
        {
            if (row.IdempotencyKey is not null && logged.Find(row) is not null)
            {
                continue;
            }

            var conflict = logged.IsTooLate(row) ? await ConflictAsync(unit, row, page, cancellationToken).ConfigureAwait(false) : null;
            var next = end.Chain(conflict ?? row);
            chained.Add(next);
            logged.Add(next.Row, next.Sequence);
            end = next.End;
        }

        await StoreAsync(unit, chained, cancellationToken).ConfigureAwait(false);
        await unit.Command(unit.Dialect.DeleteStagedAuditEntries).Ids("ids", [.. page.Select(s => s.Id)])
            .ExecuteAsync(cancellationToken).ConfigureAwait(false);
        return (end, page.Count >= StagedPage);
    }

    private static async Task<List<AuditStagedEntity>> ReadStagedPageAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var page = await unit.Command(unit.Dialect.ReadStagedAuditPage).Number("limit", StagedPage)
            .ReadAllAsync(StagedAuditRow.Read, cancellationToken).ConfigureAwait(false);
        var asked = page.Select(s => s.Id).ToHashSet();
        for (var added = page; added.Count > 0; page.AddRange(added))
        {
            // Another host's clock may have put an outcome before the row that it follows.
            var missing = added.Select(s => s.PreviousId).OfType<Guid>().Where(asked.Add).ToList();
            added = missing.Count == 0
                ? []
                : await unit.Command(unit.Dialect.ReadStagedAuditEntries).Ids("ids", missing)
                    .ReadAllAsync(StagedAuditRow.Read, cancellationToken).ConfigureAwait(false);
        }

        return page;
    }

    /// <summary>The entry that a late outcome becomes: its action's user, session and run are its own, so that it is erased with them.</summary>
    private static async Task<AuditStagedEntity> ConflictAsync(
        UnitOfWork unit, AuditStagedEntity outcome, List<AuditStagedEntity> page, CancellationToken cancellationToken)
    {
        var subject = page.Find(s => s.Id == outcome.ActionId) is { } staged
            ? new AuditSubject(staged.RunId, staged.UserId, staged.SessionId, IsErased: false)
            : await unit.Command(unit.Dialect.FindAuditSubject).Id("id", outcome.ActionId)
                .ReadFirstAsync(row => new AuditSubject(row.TextOrNull(0), row.TextOrNull(1), row.TextOrNull(2), row.Flag(3)), cancellationToken)
                .ConfigureAwait(false);
        return AuditRows.Conflict(outcome, subject);
    }

    private static List<AuditStagedEntity> InOrderOfPrevious(List<AuditStagedEntity> rows)
    {
        var (byId, ordered, done) = (rows.ToDictionary(r => r.Id), new List<AuditStagedEntity>(rows.Count), new HashSet<Guid>());
        foreach (var row in rows)
        {
            // An action has at most three rows, so its history is short.
            var history = new Stack<AuditStagedEntity>();
            for (var next = row; next is not null && done.Add(next.Id); next = next.PreviousId is { } id ? byId.GetValueOrDefault(id) : null)
            {
                history.Push(next);
            }

            ordered.AddRange(history);
        }

        return ordered;
    }

    private static Task StoreAsync(UnitOfWork unit, List<ChainedAuditRow> rows, CancellationToken cancellationToken) =>
        rows.Count == 0 ? Task.CompletedTask : unit.Dialect.AppendAuditAsync(unit, rows, cancellationToken);
}
