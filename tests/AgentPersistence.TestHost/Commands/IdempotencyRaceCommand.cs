using System.Globalization;
using AgentPersistence.Idempotency;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// Settles every key of a scope, in an order of its own, in competition with other processes. Each effect is a row of `effects`, either
/// in the transaction that completes the claim, or outside, with its start and its end. A victim stops for good at its n-th claim.
/// </summary>
/// <remarks>Arguments: kind, connection string, scope, number of keys, `inside` or `outside`, name [, where to stop, at which claim].</remarks>
internal sealed class IdempotencyRaceCommand(AgentHost host, string[] arguments)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IIdempotencyCache cache = host.Get<IIdempotencyCache>();
    private readonly string scope = arguments[2];
    private readonly string name = arguments[5];
    private readonly string? stopsAt = arguments.ElementAtOrDefault(6);
    private int claimsLeft = int.Parse(arguments.ElementAtOrDefault(7) ?? "0", CultureInfo.InvariantCulture);
    private int settled;

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var host = new AgentHost(arguments[0], arguments[1]);
        var race = new IdempotencyRaceCommand(host, arguments);
        var keys = Enumerable.Range(0, int.Parse(arguments[3], CultureInfo.InvariantCulture)).Select(n => $"key-{n}").ToArray();
        Random.Shared.Shuffle(keys);
        Console.WriteLine("ready");
        await StandardInput.ReadLineAsync();
        foreach (var key in keys)
        {
            await (arguments[4] == "inside" ? race.SettleInsideAsync(key) : race.SettleOutsideAsync(key));

            // So that the victims get their share: SQLite gives its lock to whoever comes by.
            await Task.Delay(Random.Shared.Next(race.stopsAt is null ? 10 : 1));
        }

        Console.WriteLine($"settled {race.settled}");
        return 0;
    }

    private async Task SettleInsideAsync(string key)
    {
        var request = new IdempotencyRequest { Key = key, Scope = scope, Lease = Lease };

        // Half the keys are claimed before the transaction, half inside it.
        var claimsInside = int.Parse(key["key-".Length..], CultureInfo.InvariantCulture) % 2 == 0;
        while (true)
        {
            var claim = claimsInside ? null : await cache.BeginAsync(request);
            var disposition = claim is null or { Disposition: IdempotencyDisposition.Acquired }
                ? await TransactAsync(request, claim)
                : claim.Disposition;
            switch (disposition)
            {
                case IdempotencyDisposition.Replay:
                    return;
                case IdempotencyDisposition.InFlight:
                    await Task.Delay(Random.Shared.Next(5, 25));
                    break;
                default:
                    throw new InvalidOperationException($"{key} is {disposition}.");
            }
        }
    }

    /// <summary>Whether the key is settled (a replay) or is to be asked for again.</summary>
    private async Task<IdempotencyDisposition> TransactAsync(IdempotencyRequest request, IdempotencyClaim? claim)
    {
        await using var connection = await host.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var enlisted = host.Get<IAgentDatabase>().Enlist(transaction);
        claim ??= await enlisted.Idempotency.BeginAsync(request);
        if (claim.Disposition != IdempotencyDisposition.Acquired)
        {
            return claim.Disposition;
        }

        try
        {
            await StopAsync("claimed");
            await AgentHost.ExecuteAsync(
                connection, $"INSERT INTO effects (scope, name, worker) VALUES ('{scope}', '{claim.Key}', '{name}')", transaction);
            await StopAsync("done");
            await enlisted.Idempotency.CompleteAsync(claim, null);
            await StopAsync("completed");
            await transaction.CommitAsync();
            settled++;
            return IdempotencyDisposition.Replay;
        }
        catch (LeaseLostException)
        {
            return IdempotencyDisposition.InFlight;
        }
    }

    private async Task SettleOutsideAsync(string key)
    {
        var request = new IdempotencyRequest { Key = key, Scope = scope, Lease = Lease, WaitForOther = Patience };
        while (true)
        {
            try
            {
                await cache.ExecuteAsync(request, ct => ActAsync(key, ct));
                return;
            }
            catch (Exception exception) when (exception is TimeoutException or LeaseLostException)
            {
                // The operation's own, in a third of the runs, or a lease that a busy machine has lost: it may be tried again.
            }
        }
    }

    private async Task<int> ActAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await host.OpenAsync();
        var run = $"{name}-{key}-{Guid.CreateVersion7()}";
        await AgentHost.ExecuteAsync(
            connection,
            $"INSERT INTO effects (scope, name, worker, run, started) VALUES ('{scope}', '{key}', '{name}', '{run}', {host.Clock})");
        try
        {
            await Task.Delay(Random.Shared.Next(1, 8), cancellationToken);
            await StopAsync("claimed");
        }
        finally
        {
            await AgentHost.ExecuteAsync(connection, $"UPDATE effects SET ended = {host.Clock} WHERE run = '{run}'");
        }

        return Random.Shared.Next(3) == 0 ? throw new TimeoutException() : ++settled;
    }

    private async Task StopAsync(string place)
    {
        if (place == stopsAt && --claimsLeft <= 0)
        {
            Console.WriteLine("holding");
            await Task.Delay(Timeout.Infinite);
        }
    }
}
