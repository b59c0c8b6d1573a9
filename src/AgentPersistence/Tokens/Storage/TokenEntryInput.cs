using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Tokens.Storage;

/// <summary>What callers log, checked, priced, and made a row of.</summary>
internal static class TokenEntryInput
{
    /// <exception cref="ArgumentException">A member of the entry breaks its documented rule.</exception>
    public static TokenEntryEntity Prepare(NewTokenEntry entry, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var usage = Check(entry.Usage, nameof(entry.Usage));
        var now = executor.Dialect.Now;
        var runId = Input.OptionalKey(entry.RunId, nameof(entry.RunId));
        if (entry.CallId is not null && runId is null)
        {
            throw new ArgumentException("A call is one of a run: name the run.", nameof(entry.RunId));
        }

        var scope = Input.Key(entry.Scope, nameof(entry.Scope));
        var provider = Input.Key(entry.Provider, nameof(entry.Provider));
        var model = Input.OptionalKey(entry.Model, nameof(entry.Model));
        var callId = Input.OptionalKey(entry.CallId, nameof(entry.CallId));
        var attempt = Attempt(entry.Attempt, nameof(entry.Attempt));
        var userId = Input.OptionalKey(entry.UserId, nameof(entry.UserId));
        var sessionId = Input.OptionalKey(entry.SessionId, nameof(entry.SessionId));

        // Only now: the host's prices are asked about nothing that is refused.
        var (cost, currency) = CostOf(entry, Input.Time(entry.OccurredAt) ?? now, executor.Options.Tokens);
        return new TokenEntryEntity
        {
            Id = executor.Ids.Next(),
            Scope = scope,
            Provider = provider,
            Model = model,
            RunId = runId,
            CallId = callId,
            Attempt = attempt,
            ThreadId = entry.ThreadId,
            JobId = entry.JobId,
            UserId = userId,
            SessionId = sessionId,
            TokensInput = usage.Input,
            TokensCacheRead = usage.CacheRead,
            TokensCacheWrite = usage.CacheWrite,
            TokensOutput = usage.Output,
            TokensReasoning = usage.Reasoning,
            TokensTotal = usage.Total,
            Cost = cost,
            Currency = currency,
            OccurredAt = Input.Time(entry.OccurredAt) ?? now,
            CreatedAt = now,
            IsCostGiven = entry.Cost is not null,
            IsTimeGiven = entry.OccurredAt is not null,
        };
    }

    public static int Attempt(int attempt, string argument) => attempt >= 1
        ? attempt
        : throw new ArgumentOutOfRangeException(argument, "Attempts are counted from 1.");

    /// <summary>Why an entry cannot be the stored one once more; null where it can.</summary>
    public static AgentPersistenceException? Conflict(TokenEntryEntity given, TokenEntryEntity stored)
    {
        var isSame = Content(given) == Content(stored) && TokenRows.Record(given).Usage == TokenRows.Record(stored).Usage
            && (!given.IsCostGiven || (given.Cost, given.Currency) == (stored.Cost, stored.Currency))
            && (!given.IsTimeGiven || given.OccurredAt == stored.OccurredAt);
        return isSame ? null : new TokenEntryConflictException(given.RunId!, given.CallId!, given.Attempt);
    }

    private static (string, string, string?, Guid?, Guid?, string?, string?) Content(TokenEntryEntity row) =>
        (row.Scope, row.Provider, row.Model, row.ThreadId, row.JobId, row.UserId, row.SessionId);

    private static TokenUsage Check(TokenUsage? usage, string argument)
    {
        if (usage is null)
        {
            throw new ArgumentNullException(argument, "The tokens are required.");
        }

        Input.Count(usage.Input, nameof(usage.Input));
        Input.Count(usage.CacheRead, nameof(usage.CacheRead));
        Input.Count(usage.CacheWrite, nameof(usage.CacheWrite));
        Input.Count(usage.Output, nameof(usage.Output));
        Input.Count(usage.Reasoning, nameof(usage.Reasoning));
        return usage;
    }

    private static (decimal? Cost, string? Currency) CostOf(NewTokenEntry entry, DateTimeOffset at, TokenOptions options)
    {
        if (entry.Cost is { } given)
        {
            return TokenCost.IsInRange(given)
                ? (TokenCost.Round(given), TokenCurrency.Check(entry.Currency ?? options.Currency, nameof(entry.Currency)))
                : throw new ArgumentOutOfRangeException(nameof(entry.Cost), $"A cost must be between 0 and {TokenCost.Max}.");
        }

        if (entry.Currency is not null)
        {
            throw new ArgumentException("A currency needs a cost.", nameof(entry.Currency));
        }

        return options.Pricing?.Invoke(new TokenPriceRequest(entry.Provider, entry.Model, entry.Usage, at)) is not { } priced ? (null, null)
            : TokenCost.IsInRange(priced) ? (TokenCost.Round(priced), options.Currency)
            : throw new InvalidOperationException(
                $"{nameof(TokenOptions)}.{nameof(TokenOptions.Pricing)} must answer a cost between 0 and {TokenCost.Max}, or null.");
    }
}
