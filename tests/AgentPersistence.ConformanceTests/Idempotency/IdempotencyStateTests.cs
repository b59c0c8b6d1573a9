using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Every move from every state, by the last holder of the claim: what it answers, and which state it leaves.</summary>
public abstract class IdempotencyStateTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    // Each line is a situation, each column a move: its answer (* for a takeover), and the state and epoch that follow; no arrow where
    // the record must be what it was.
    private static readonly string[] Table =
    [
        "               | begin                           | renew             | complete         | fail          | release         | resolve           ",
        "Absent         | Acquired → InProgress 1         | lost              | lost             | lost          | lost            | False             ",
        "Held           | InFlight → InProgress 1         | ok → InProgress 1 | ok → Completed 1 | ok → Failed 1 | ok → Released 1 | False             ",
        "Lapsed         | Acquired* → InProgress 2        | ok → InProgress 1 | ok → Completed 1 | ok → Failed 1 | ok → Released 1 | False             ",
        "LapsedBlock    | Indeterminate → Indeterminate 1 | ok → InProgress 1 | ok → Completed 1 | ok → Failed 1 | ok → Released 1 | False             ",
        "TakenOver      | InFlight → InProgress 2         | lost              | lost             | lost          | lost            | False             ",
        "Completed      | Replay → Completed 1            | lost              | lost             | lost          | lost            | False             ",
        "Failed         | ReplayFailure → Failed 1        | lost              | lost             | lost          | lost            | False             ",
        "Released       | Acquired → InProgress 2         | lost              | lost             | lost          | ok → Released 1 | False             ",
        "Indeterminate  | Indeterminate → Indeterminate 1 | lost              | ok → Completed 1 | ok → Failed 1 | ok → Released 1 | True → Completed 1",
        "Resolved       | Replay → Completed 1            | lost              | lost             | lost          | lost            | False             ",
        "ExpiredResult  | Acquired → InProgress 2         | lost              | lost             | lost          | lost            | False             ",
        "ExpiredRelease | Acquired → InProgress 2         | lost              | lost             | lost          | ok → none       | False             ",
        "ExpiredClaim   | Acquired* → InProgress 2        | ok → InProgress 1 | ok → Completed 1 | ok → Failed 1 | ok → Released 1 | False             ",
    ];

    public static TheoryData<string, string, string> Moves()
    {
        var cells = Table.Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        var moves = new TheoryData<string, string, string>();
        foreach (var line in cells.Skip(1))
        {
            for (var column = 1; column < line.Length; column++)
            {
                moves.Add(line[0], cells[0][column], line[column]);
            }
        }

        return moves;
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_move_answers_and_leaves_what_the_table_says(string situation, string move, string expected)
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time);
        var request = NewRequest() with { Lease = Lease, TimeToLive = TimeToLive };
        var claim = await ArriveAtAsync(agent.Idempotency, time, situation, request);

        var before = await agent.Idempotency.FindAsync(request.Key, request.Scope, Cancellation);
        var answer = await MoveAsync(agent.Idempotency, move, request, claim);
        var after = await agent.Idempotency.FindAsync(request.Key, request.Scope, Cancellation);

        if (expected.Contains('→', StringComparison.Ordinal))
        {
            Assert.Equal(expected, $"{answer} → {(after is null ? "none" : $"{after.State} {after.Epoch}")}");
        }
        else
        {
            Assert.Equal((expected, before), (answer, after));
        }
    }

    private static async Task<IdempotencyClaim> ArriveAtAsync(
        IIdempotencyCache cache, ManualTimeProvider time, string situation, IdempotencyRequest request)
    {
        if (situation == "Absent")
        {
            return new() { Key = request.Key, Scope = request.Scope, Token = Guid.CreateVersion7(), Epoch = 1 };
        }

        var blocks = situation is "LapsedBlock" or "Indeterminate" or "Resolved";
        var claim = await AcquireAsync(cache, blocks ? request with { OnCrash = CrashPolicy.Block } : request);
        await (situation switch
        {
            "Completed" or "ExpiredResult" => cache.CompleteAsync(claim, One, Cancellation),
            "Failed" => cache.FailAsync(claim, "first", Cancellation),
            "Released" or "ExpiredRelease" => cache.ReleaseAsync(claim, Cancellation),
            _ => Task.CompletedTask,
        });
        time.Advance(situation switch
        {
            "Lapsed" or "LapsedBlock" or "TakenOver" or "Indeterminate" or "Resolved" => Lease,
            "ExpiredResult" or "ExpiredRelease" => TimeToLive,
            "ExpiredClaim" => Lease + TimeToLive,
            _ => TimeSpan.Zero,
        });
        if (situation is "TakenOver" or "Indeterminate" or "Resolved")
        {
            await cache.BeginAsync(request, Cancellation);
        }

        if (situation == "Resolved")
        {
            await cache.ResolveAsync(request.Key, new(IdempotencyState.Completed, One), request.Scope, Cancellation);
        }

        return claim;
    }

    private static async Task<string> MoveAsync(IIdempotencyCache cache, string move, IdempotencyRequest request, IdempotencyClaim claim)
    {
        switch (move)
        {
            case "begin":
                var begun = await cache.BeginAsync(request, Cancellation);
                return begun.IsTakeover ? $"{begun.Disposition}*" : $"{begun.Disposition}";
            case "resolve":
                return $"{await cache.ResolveAsync(request.Key, new(IdempotencyState.Completed, Two), request.Scope, Cancellation)}";
        }

        try
        {
            await (move switch
            {
                "renew" => cache.RenewAsync(claim, Cancellation),
                "complete" => cache.CompleteAsync(claim, Two, Cancellation),
                "fail" => cache.FailAsync(claim, "second", Cancellation),
                _ => cache.ReleaseAsync(claim, Cancellation),
            });
            return "ok";
        }
        catch (LeaseLostException lost)
        {
            Assert.Equal((claim.Key, claim.Token), (lost.Key, lost.Token));
            return "lost";
        }
    }
}
