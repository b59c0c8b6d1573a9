using AgentPersistence.Jobs;
using AgentPersistence.Tokens;
using QuickStart.Conversations;

namespace AgentHost.Work;

/// <summary>What the model costs: reserved before the call, counted after it. The model itself is the recorded conversation.</summary>
public sealed class ModelCalls(ITokenLedger ledger)
{
    public static readonly TokenBudgetKey Budget = new(Script.Host, TokenBudgetPeriod.Total);

    private const decimal Limit = 10_000_000;
    private const int CharactersPerToken = 4;

    public Task SetBudgetAsync(CancellationToken cancellationToken) => ledger.SetBudgetAsync(Budget, Limit, cancellationToken);

    /// <summary>False where the budget has too little left for this turn.</summary>
    public async Task<bool> SpendAsync(Conversation conversation, int turn, Job job, CancellationToken cancellationToken)
    {
        var usage = new TokenUsage
        {
            Input = TokensOf(conversation.Turns.Take(turn + 1).Select(t => t.Request)),
            CacheRead = TokensOf(conversation.Turns.Take(turn).Select(t => t.Answer)),
            Output = TokensOf([conversation.Turns[turn].Answer]),
        };
        var reservation = new NewTokenReservation
        {
            Id = Script.StableId("reservation", conversation.Id, turn),
            Budget = Budget,
            Amount = usage.Total,
            TimeToLive = TimeSpan.FromMinutes(1),
        };
        if (await ledger.TryReserveAsync(reservation, cancellationToken) is { Reservation: null })
        {
            return false;
        }

        // The same run and call, and the same reservation, count once, however often this job is run.
        var entry = new NewTokenEntry
        {
            Scope = TokenScopes.Reactive,
            Provider = "recorded",
            Model = "script",
            Usage = usage,
            RunId = Script.RunIdOf(conversation),
            CallId = $"turn-{turn}",
            ThreadId = job.ThreadId,
            JobId = job.Id,
            UserId = conversation.CustomerId,
        };
        await ledger.LogAsync(entry, cancellationToken);
        await ledger.SettleAsync(reservation.Id.Value, usage.Total, cancellationToken);
        return true;
    }

    private static long TokensOf(IEnumerable<string?> texts) => 1 + (texts.Sum(text => (long)(text?.Length ?? 0)) / CharactersPerToken);
}
