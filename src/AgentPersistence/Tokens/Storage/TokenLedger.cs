using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tokens.Storage;

internal sealed class TokenLedger(StoreExecutor executor, IRowAppender<TokenEntryEntity> appender) : ITokenLedger
{
    private const int MostDaysListed = 3_660;
    private const int MostDaysBack = 36_500;
    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly TokenBudgets _budgets = new(executor);

    public async Task<TokenEntry> LogAsync(NewTokenEntry entry, CancellationToken cancellationToken = default) =>
        (await AppendAsync([TokenEntryInput.Prepare(entry, executor)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<TokenEntry>> LogAsync(
        IReadOnlyList<NewTokenEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var rows = entries.Select(e => TokenEntryInput.Prepare(e, executor)).ToList();
        return rows.Count == 0 ? [] : await AppendAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    public Task<TokenEntry?> FindAsync(Guid entryId, CancellationToken cancellationToken = default) => executor.ReadAsync(
        (unit, ct) => unit.Command(unit.Dialect.FindTokenEntry).Id("id", entryId).ReadFirstAsync(ReadRecord, ct), cancellationToken);

    public async Task<TokenEntry?> FindAsync(string runId, string callId, int attempt = 1, CancellationToken cancellationToken = default)
    {
        var (run, call) = (Input.Key(runId, nameof(runId)), Input.Key(callId, nameof(callId)));
        TokenEntryInput.Attempt(attempt, nameof(attempt));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindTokenEntryOfCall)
                .Text("run_id", run).Text("call_id", call).Number("attempt", attempt).ReadFirstAsync(ReadRecord, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<TokenEntry>> QueryAsync(TokenQuery query, CancellationToken cancellationToken = default)
    {
        var asked = Check(query);
        var limit = Input.Limit(asked.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => Filter(unit.Command(unit.Dialect.QueryTokenEntries(asked)), asked)
                .Time("after_time", Input.Time(asked.After?.OccurredAt)).Id("after_id", asked.After?.Id).Number("limit", limit)
                .ReadAllAsync(ReadRecord, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<DailyTokenUsage>> GetDailyUsageAsync(
        DateOnly firstDay, DateOnly lastDay, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        var days = lastDay.DayNumber - firstDay.DayNumber + 1;
        if (days is < 1 or > MostDaysListed)
        {
            throw new ArgumentOutOfRangeException(nameof(lastDay), $"The range must have 1 to {MostDaysListed} days.");
        }

        DateTimeOffset? end = lastDay == DateOnly.MaxValue ? null : Midnight(lastDay.AddDays(1));
        var asked = Within(Check(query ?? new TokenQuery()), Midnight(firstDay), end);
        var figures = await executor.ReadAsync(
            (unit, ct) => Filter(unit.Command(unit.Dialect.SumTokensByDay(asked)), asked).ReadAllAsync(TokenFigures.ReadDay, ct),
            cancellationToken).ConfigureAwait(false);
        var byDay = figures.ToLookup(f => f.Day);
        return [.. Enumerable.Range(firstDay.DayNumber, days)
            .Select(day => new DailyTokenUsage(DateOnly.FromDayNumber(day), TokenFigures.Total(byDay[day - FirstDay])))];
    }

    public async Task<IReadOnlyList<TokenStatistics>> GetStatisticsAsync(
        int days = 7, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        Input.Limit(days, MostDaysBack, nameof(days));
        var asked = Within(Check(query ?? new TokenQuery()), executor.Dialect.Now.AddDays(-days), null);
        var figures = await executor.ReadAsync(
            (unit, ct) => Filter(unit.Command(unit.Dialect.SumTokensByModel(asked)), asked).ReadAllAsync(TokenFigures.ReadModel, ct),
            cancellationToken).ConfigureAwait(false);
        return [.. figures.GroupBy(f => (f.Scope, f.Provider, f.Model))
            .OrderBy(g => g.Key.Scope, StringComparer.Ordinal).ThenBy(g => g.Key.Provider, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Model, StringComparer.Ordinal)
            .Select(g => new TokenStatistics(g.Key.Scope!, g.Key.Provider!, g.Key.Model, TokenFigures.Total(g)))];
    }

    public Task<TokenBudget> SetBudgetAsync(TokenBudgetKey budget, decimal limit, CancellationToken cancellationToken = default) =>
        _budgets.SetAsync(budget, limit, cancellationToken);

    public Task<TokenBudget?> FindBudgetAsync(TokenBudgetKey budget, CancellationToken cancellationToken = default) =>
        _budgets.FindAsync(budget, cancellationToken);

    public Task<IReadOnlyList<TokenBudget>> QueryBudgetsAsync(TokenBudgetQuery query, CancellationToken cancellationToken = default) =>
        _budgets.QueryAsync(query, cancellationToken);

    public Task<bool> DeleteBudgetAsync(TokenBudgetKey budget, CancellationToken cancellationToken = default) =>
        _budgets.DeleteAsync(budget, cancellationToken);

    public Task<TokenReservationResult> TryReserveAsync(NewTokenReservation reservation, CancellationToken cancellationToken = default) =>
        _budgets.TryReserveAsync(reservation, cancellationToken);

    public Task<TokenReservation> SettleAsync(Guid reservationId, decimal used, CancellationToken cancellationToken = default) =>
        _budgets.SettleAsync(reservationId, used, cancellationToken);

    public Task<TokenReservation> ReleaseAsync(Guid reservationId, CancellationToken cancellationToken = default) =>
        _budgets.ReleaseAsync(reservationId, cancellationToken);

    public Task<TokenReservation?> FindReservationAsync(Guid reservationId, CancellationToken cancellationToken = default) =>
        _budgets.FindReservationAsync(reservationId, cancellationToken);

    private async Task<TokenEntry[]> AppendAsync(List<TokenEntryEntity> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var append = new RowAppend<TokenEntryEntity>(rows);
        await appender.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        return append.Refusal is null
            ? [.. append.Stored.Select((stored, i) => TokenRows.Record(stored, alreadyLogged: stored.Id != rows[i].Id))]
            : throw append.Refusal;
    }

    private static TokenEntry ReadRecord(StoreReader row) => TokenRows.Record(TokenRows.Read(row));

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static TokenQuery Within(TokenQuery query, DateTimeOffset from, DateTimeOffset? to) => query with
    {
        From = query.From > from ? query.From : from,
        To = query.To < to || to is null ? query.To : to,
    };

    private static TokenQuery Check(TokenQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query with
        {
            Scope = Input.OptionalKey(query.Scope, nameof(query.Scope)),
            Provider = Input.OptionalKey(query.Provider, nameof(query.Provider)),
            Model = Input.OptionalKey(query.Model, nameof(query.Model)),
            RunId = Input.OptionalKey(query.RunId, nameof(query.RunId)),
            UserId = Input.OptionalKey(query.UserId, nameof(query.UserId)),
            SessionId = Input.OptionalKey(query.SessionId, nameof(query.SessionId)),
            From = Input.Time(query.From),
            To = Input.Time(query.To),
        };
    }

    private static StoreCommand Filter(StoreCommand command, TokenQuery query) => command
        .Text("scope", query.Scope).Text("provider", query.Provider).Text("model", query.Model).Text("run_id", query.RunId)
        .Text("user_id", query.UserId).Text("session_id", query.SessionId).Id("thread_id", query.ThreadId).Id("job_id", query.JobId)
        .Time("from", query.From).Time("to", query.To);
}
