using System.Globalization;
using AgentPersistence.Tokens;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// Reserves from one budget by several callers at once; every second one settles what it has. Arguments: the kind of database, its
/// connection string, the budget's scope (tokens, in total), the number of callers, the amount of each, what those use that settle, the
/// milliseconds that a reservation lasts. It says `ready`, starts at `go`, tells `kept`, `settled` or `refused` for each caller and
/// `done`, and ends at the next line.
/// </summary>
internal static class TokenReserveCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var host = new AgentHost(arguments[0], arguments[1]);
        var tokens = host.Get<ITokenLedger>();
        var (callers, used) = (Number(arguments[3]), Number(arguments[5]));
        var request = new NewTokenReservation
        {
            Budget = new TokenBudgetKey(arguments[2], TokenBudgetPeriod.Total),
            Amount = Number(arguments[4]),
            TimeToLive = TimeSpan.FromMilliseconds(Number(arguments[6])),
        };

        Console.WriteLine("ready");
        await StandardInput.ReadLineAsync();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => ReserveAsync(tokens, request, i % 2 == 1 ? used : null))));
        Console.WriteLine("done");
        await StandardInput.ReadLineAsync();
        return 0;
    }

    private static async Task ReserveAsync(ITokenLedger tokens, NewTokenReservation request, int? used)
    {
        var result = await tokens.TryReserveAsync(request);
        if (result.IsReserved && used is { } amount)
        {
            await tokens.SettleAsync(result.Reservation.Id, amount);
        }

        Console.WriteLine(!result.IsReserved ? "refused" : used is null ? "kept" : "settled");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
