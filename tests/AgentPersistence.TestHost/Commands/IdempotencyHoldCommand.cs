using AgentPersistence.Idempotency;

namespace AgentPersistence.TestHost.Commands;

/// <summary>Claims one key, says so, and does with it what it is told, line by line; answers `ok` or the exception's name.</summary>
/// <remarks>Arguments: kind, connection string, key, lease in milliseconds, `Retry` or `Block`.</remarks>
internal static class IdempotencyHoldCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using AgentHost host = new(arguments[0], arguments[1]);
        var cache = host.Get<IIdempotencyCache>();
        IdempotencyRequest request = new()
        {
            Key = arguments[2],
            Lease = TimeSpan.FromMilliseconds(int.Parse(arguments[3], System.Globalization.CultureInfo.InvariantCulture)),
            OnCrash = Enum.Parse<CrashPolicy>(arguments[4]),
        };
        while (await StandardInput.ReadLineAsync() is var line and not "bye")
        {
            await (line == "execute" ? ExecuteAsync(cache, request) : HoldAsync(cache, request));
        }

        return 0;
    }

    private static async Task ExecuteAsync(IIdempotencyCache cache, IdempotencyRequest request)
    {
        try
        {
            Console.WriteLine(await cache.ExecuteAsync(request, async ct =>
            {
                Console.WriteLine("holding");
                await Task.Delay(Timeout.Infinite, ct);
                return "mine";
            }));
        }
        catch (AgentPersistenceException exception)
        {
            Console.WriteLine(exception.GetType().Name);
        }
    }

    private static async Task HoldAsync(IIdempotencyCache cache, IdempotencyRequest request)
    {
        var claim = await cache.BeginAsync(request);
        Console.WriteLine("holding");
        await StandardInput.ReadLineAsync();
        Func<Task>[] moves =
        [
            () => cache.RenewAsync(claim),
            () => cache.CompleteAsync(claim, null),
            () => cache.FailAsync(claim, "mine"),
            () => cache.ReleaseAsync(claim),
        ];
        foreach (var move in moves)
        {
            try
            {
                await move();
                Console.WriteLine("ok");
            }
            catch (AgentPersistenceException exception)
            {
                Console.WriteLine(exception.GetType().Name);
            }
        }
    }
}
