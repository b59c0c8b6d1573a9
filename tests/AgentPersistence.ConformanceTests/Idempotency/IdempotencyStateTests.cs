using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Idempotency;

/// <summary>Every move from every state, by the last holder of the claim: what it answers, and which state it leaves.</summary>
public abstract class IdempotencyStateTests(TestDatabases databases) : IdempotencyTests(databases)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    // Each line is a situation, each column a move: its answer, and the state and epoch that follow.
    private static readonly string[] Table =
    [
        "              | begin                         | renew               | complete         | fail             | release          | resolve           ",
        "Absent        | Acquired→InProgress 1         | lost→none           | lost→none        | lost→none        | lost→none        | False→none        ",
        "Held          | InFlight→InProgress 1         | ok→InProgress 1     | ok→Completed 1   | ok→Failed 1      | ok→Released 1    | False→InProgress 1",
        "Lapsed        | Acquired takeover→InProgress 2| ok→InProgress 1     | ok→Completed 1   | ok→Failed 1      | ok→Released 1    | False→InProgress 1",
        "LapsedBlock   | Indeterminate→Indeterminate 1 | ok→InProgress 1     | ok→Completed 1   | ok→Failed 1      | ok→Released 1    | False→InProgress 1",
        "TakenOver     | InFlight→InProgress 2         | lost→InProgress 2   | lost→InProgress 2| lost→InProgress 2| lost→InProgress 2| False→InProgress 2",
        "Completed     | Replay→Completed 1            | lost→Completed 1    | lost→Completed 1 | lost→Completed 1 | lost→Completed 1 | False→Completed 1 ",
        "Failed        | ReplayFailure→Failed 1        | lost→Failed 1       | lost→Failed 1    | lost→Failed 1    | lost→Failed 1    | False→Failed 1    ",
        "Released      | Acquired→InProgress 2         | lost→Released 1     | lost→Released 1  | lost→Released 1  | ok→Released 1    | False→Released 1  ",
        "Indeterminate | Indeterminate→Indeterminate 1 | lost→Indeterminate 1| ok→Completed 1   | ok→Failed 1      | ok→Released 1    | True→Completed 1  ",
        "Resolved      | Replay→Completed 1            | lost→Completed 1    | lost→Completed 1 | lost→Completed 1 | lost→Completed 1 | False→Completed 1 ",
        "ExpiredResult | Acquired→InProgress 2         | lost→none           | lost→none        | lost→none        | lost→none        | False→none        ",
        "ExpiredRelease| Acquired→InProgress 2         | lost→none           | lost→none        | lost→none        | ok→none          | False→none        ",
        "ExpiredClaim  | Acquired takeover→InProgress 2| ok→InProgress 1     | ok→Completed 1   | ok→Failed 1      | ok→Released 1    | False→none        ",
    ];

    public static TheoryData<string, string, string> Moves()
    {
        var cells = Table.Select(line => line.Split('|').Select(cell => cell.Trim().Replace("→", " → ", StringComparison.Ordinal)).ToArray()).ToList();
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

        var answer = await MoveAsync(agent.Idempotency, move, request, claim);

        var record = await agent.Idempotency.FindAsync(request.Key, request.Scope, Cancellation);
        Assert.Equal(expected, $"{answer} → {(record is null ? "none" : $"{record.State} {record.Epoch}")}");
    }

    private static async Task<IdempotencyClaim> ArriveAtAsync(
        IIdempotencyCache cache, ManualTimeProvider time, string situation, IdempotencyRequest request)
    {
        if (situation == "Absent")
        {
            return new() { Key = request.Key, Scope = request.Scope, Disposition = IdempotencyDisposition.Acquired, Token = Guid.CreateVersion7(), Epoch = 1 };
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
                return begun.IsTakeover ? $"{begun.Disposition} takeover" : $"{begun.Disposition}";
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
