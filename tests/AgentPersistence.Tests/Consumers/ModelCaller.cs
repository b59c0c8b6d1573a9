using System.Text.Json;
using AgentPersistence.Tokens;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host calls a model within a budget: it reserves what the call may use, and settles what it has used.</summary>
internal sealed class ModelCaller(ITokenLedger tokens)
{
    private static readonly TokenBudgetKey Budget = new(TokenScopes.Reactive, TokenBudgetPeriod.Day);

    public async Task<string> CallAsync(string run, string call, long most, Func<Task<JsonElement>> model)
    {
        TokenReservation reservation;
        try
        {
            reservation = await tokens.ReserveAsync(new NewTokenReservation { Budget = Budget, Amount = most });
        }
        catch (TokenBudgetExceededException exceeded)
        {
            return $"only {exceeded.Budget.Available} left";
        }
        catch (TokenBudgetNotFoundException)
        {
            return "no budget";
        }

        var answer = await model();
        try
        {
            var entry = await tokens.LogAsync(new NewTokenEntry
            {
                Scope = TokenScopes.Reactive,
                Provider = "anthropic",
                Usage = TokenUsage.FromPayload(answer),
                RunId = run,
                CallId = call,
            });
            await tokens.SettleAsync(reservation.Id, entry.Usage.Total);
            return $"used {entry.Usage.Total}";
        }
        catch (TokenEntryConflictException conflict)
        {
            return $"{conflict.CallId} was another call";
        }
        catch (TokenReservationConflictException conflict)
        {
            return $"{conflict.State} before";
        }
        catch (TokenReservationNotFoundException)
        {
            return "the budget was deleted";
        }
    }
}
