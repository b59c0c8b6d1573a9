using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Processes that race for keys, are killed while they hold one, or are paused for longer than their lease.</summary>
public abstract class IdempotencyProcessTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private const int Keys = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private int Processes => Database.Kind == DatabaseKind.Sqlite ? 5 : 8;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS effects (
                scope varchar(255), name varchar(255), worker varchar(255), run varchar(255),
                started double precision, ended double precision)
            """);
    }

    [Fact]
    public async Task Each_operation_takes_effect_once_where_its_effect_shares_the_commit_whoever_is_killed()
    {
        var scope = NewId("scope");
        var race = await StartRaceAsync(scope, Keys, "inside", ["claimed", "done", "completed"]);

        await KillVictimsAsync(race, scope);
        var settled = await FinishAsync(race);

        Assert.Equal(Keys, await CountAsync($"SELECT count(*) FROM effects WHERE scope = '{scope}'"));
        Assert.Equal(Keys, await CountAsync($"SELECT count(DISTINCT name) FROM effects WHERE scope = '{scope}'"));
        Assert.Equal(Keys, await CompletedAsync(scope));
        Assert.All(settled, count => Assert.InRange(count, 1, Keys - 1));
    }

    [Fact]
    public async Task No_two_processes_run_one_operation_at_once_where_its_effect_is_outside_whoever_is_killed()
    {
        var scope = NewId("scope");
        var keys = Database.Kind == DatabaseKind.Sqlite ? 100 : 200;
        var race = await StartRaceAsync(scope, keys, "outside", ["claimed", "claimed"]);

        await KillVictimsAsync(race, scope);
        await FinishAsync(race);

        Assert.Equal(keys, await CompletedAsync(scope));
        Assert.True(await CountAsync($"SELECT count(*) FROM effects WHERE scope = '{scope}'") > keys);
        Assert.Equal(0, await CountAsync($"SELECT count(*) FROM effects WHERE scope = '{scope}' AND ended IS NULL"));
        Assert.Equal(0, await CountAsync(
            $"""
            SELECT count(*) FROM effects AS a JOIN effects AS b ON a.scope = b.scope AND a.name = b.name AND a.run < b.run
            WHERE a.scope = '{scope}' AND a.started < b.ended AND b.started < a.ended
            """));
    }

    [Fact]
    public async Task A_late_zombie_loses_its_lease_and_changes_nothing()
    {
        var key = NewId("key");
        await using var zombie = await HoldAsync(key, "hold", CrashPolicy.Retry, lease: TimeSpan.FromMilliseconds(500));

        await zombie.PauseAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(600), Cancellation);
        var heir = await AcquireAsync(new() { Key = key });
        await zombie.ResumeAsync();
        await zombie.WriteLineAsync("now");
        var whileHeld = await ReadLinesAsync(zombie, 4);
        await Cache.CompleteAsync(heir, One, Cancellation);

        Assert.True(heir.IsTakeover);
        Assert.All(whileHeld, line => Assert.Equal(nameof(LeaseLostException), line));
        var record = (await Cache.FindAsync(key, cancellationToken: Cancellation))!;
        Assert.Equal((IdempotencyState.Completed, 2L, "1"), (record.State, record.Epoch, record.Result?.GetRawText()));
        await zombie.WriteLineAsync("bye");
        await zombie.WaitForExitAsync();
    }

    [Fact]
    public async Task A_zombies_operation_is_cancelled_when_it_wakes_and_its_caller_gets_the_winners_result()
    {
        var key = NewId("key");
        await using var zombie = await HoldAsync(key, "execute", CrashPolicy.Retry, lease: TimeSpan.FromSeconds(1));

        await zombie.PauseAsync();
        var result = await Cache.ExecuteAsync(new() { Key = key, WaitForOther = Patience }, _ => Task.FromResult("winner's"), Cancellation);
        await zombie.ResumeAsync();

        Assert.Equal(("winner's", "winner's"), (result, await zombie.ReadLineAsync()));
    }

    [Fact]
    public async Task An_operation_that_blocks_is_never_run_again_by_itself_after_a_crash()
    {
        var key = NewId("key");
        await using (var victim = await HoldAsync(key, "execute", CrashPolicy.Block, lease: TimeSpan.FromSeconds(1)))
        {
            await victim.KillAsync();
        }

        await Assert.ThrowsAsync<IdempotencyIndeterminateException>(
            () => Cache.ExecuteAsync(new() { Key = key, WaitForOther = Patience }, _ => Task.FromResult("again"), Cancellation));
        await using var process = HostProcess.Start(
            "idempotency-hold", $"{Database.Kind}", Database.ConnectionString, key, "1000", "Retry");
        await process.WriteLineAsync("execute");
        Assert.Equal(nameof(IdempotencyIndeterminateException), await process.ReadLineAsync());
        Assert.Equal(IdempotencyState.Indeterminate, (await Cache.FindAsync(key, cancellationToken: Cancellation))!.State);

        await Cache.ResolveAsync(key, new(IdempotencyState.Completed, Json("\"settled\"")), cancellationToken: Cancellation);
        await process.WriteLineAsync("execute");
        Assert.Equal("settled", await process.ReadLineAsync());
    }

    private static async Task<string[]> ReadLinesAsync(HostProcess process, int count)
    {
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = await process.ReadLineAsync();
        }

        return lines;
    }

    private async Task<HostProcess> HoldAsync(string key, string how, CrashPolicy onCrash, TimeSpan lease)
    {
        var process = HostProcess.Start(
            "idempotency-hold", $"{Database.Kind}", Database.ConnectionString, key, $"{(int)lease.TotalMilliseconds}", $"{onCrash}");
        await process.WriteLineAsync(how);
        await process.WaitForLineAsync("holding");
        return process;
    }

    private async Task<Race> StartRaceAsync(string scope, int keys, string effects, string[] victimsStopAt)
    {
        string[] arguments = [$"{Database.Kind}", Database.ConnectionString, scope, $"{keys}", effects];
        HostProcess Start(params string[] more) => HostProcess.Start("idempotency-race", [.. arguments, .. more]);
        var victims = victimsStopAt.Select((place, n) => Start($"victim-{n}", place, "1"));
        var others = Enumerable.Range(0, Processes - victimsStopAt.Length).Select(n => Start($"other-{n}"));
        var race = new Race([.. victims], [.. others]);
        foreach (var process in race.All)
        {
            await process.WaitForLineAsync("ready");
        }

        foreach (var process in race.All)
        {
            await process.WriteLineAsync("go");
        }

        return race;
    }

    private async Task KillVictimsAsync(Race race, string scope)
    {
        await Task.WhenAll(race.Victims.Select(async (victim, n) =>
        {
            Assert.StartsWith("holding", await victim.ReadLineAsync(Patience), StringComparison.Ordinal);

            // Until now it ran for certain; nothing of it can have come after.
            var held = await NowAsync();
            await victim.DisposeAsync();
            await Database.ExecuteAsync(FormattableString.Invariant(
                $"UPDATE effects SET ended = {held} WHERE scope = '{scope}' AND worker = 'victim-{n}' AND ended IS NULL"));
        }));
    }

    private static async Task<int[]> FinishAsync(Race race)
    {
        var settled = await Task.WhenAll(race.Others.Select(async process =>
        {
            var line = await process.ReadLineAsync(Patience);
            await process.WaitForExitAsync();
            await process.DisposeAsync();
            return int.Parse(line["settled ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        }));
        return settled;
    }

    private async Task<double> NowAsync() => Convert.ToDouble(
        await Database.ScalarAsync(
            Database.Kind == DatabaseKind.Sqlite
                ? "SELECT unixepoch('subsec')"
                : "SELECT extract(epoch FROM clock_timestamp())::double precision"),
        System.Globalization.CultureInfo.InvariantCulture);

    private Task<long> CompletedAsync(string scope) =>
        CountAsync($"SELECT count(*) FROM agent_idempotency_cache WHERE scope = '{scope}' AND state = 'completed'");

    private async Task<long> CountAsync(string sql) => (long)(await Database.ScalarAsync(sql))!;

    private sealed record Race(HostProcess[] Victims, HostProcess[] Others)
    {
        public IEnumerable<HostProcess> All => [.. Victims, .. Others];
    }
}
