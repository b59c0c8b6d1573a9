using System.Data.Common;
using System.Text.Json.Nodes;
using AgentHost;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class AgentHostTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const int Kills = 6;

    // Of 162 in all, so that there is always something left to do.
    private const int MostMessagesBetweenKills = 8;
    private const int Times = 6;

    [Fact]
    public async Task It_plays_its_own_conversations_and_a_second_start_says_the_same_and_does_nothing()
    {
        await using var database = await Databases.CreateEmptyAsync();
        using var program = new SampleProgram("AgentHost");
        var arguments = ArgumentsFor(program, database);

        var first = await program.RunAsync(arguments);
        var before = await AgentHostTables.ReadAsync(database);
        var second = await program.RunAsync(arguments);

        var report = ReportOf(first);
        Assert.Equal(report, ReportOf(second));
        Assert.Equal(before, await AgentHostTables.ReadAsync(database));
        Assert.Contains("; 6 changes were made before", second.Output, StringComparison.Ordinal);
        Assert.Contains("6 made, of these undone: 2; made or undone twice: 0", report, StringComparison.Ordinal);
        Assert.Contains("8 Approved, 1 Rejected, 1 Superseded", report, StringComparison.Ordinal);
        Assert.Contains("1 book_car (1 explained), 1 refund_ticket (1 explained)", report, StringComparison.Ordinal);
        Assert.Contains("intact: yes", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_random_points_it_goes_on_and_ends_as_if_nothing_had_happened()
    {
        using var program = new SampleProgram("AgentHost");
        var conversations = await RepeatedAsync(program);
        await using var calm = await Databases.CreateEmptyAsync();
        await using var shaken = await Databases.CreateEmptyAsync();
        var undisturbed = await program.RunAsync([.. ArgumentsFor(program, calm), "--conversations", conversations]);

        string[] arguments = [.. ArgumentsFor(program, shaken), "--conversations", conversations];

        // The first time it may not even have made its tables.
        Assert.True(await program.KillAsync(() => Task.Delay(Random.Shared.Next(1_200), Cancellation), arguments));
        for (var i = 1; i < Kills; i++)
        {
            Assert.True(await program.KillAsync(() => MessagesAsync(shaken, Random.Shared.Next(MostMessagesBetweenKills)), arguments));
        }

        var last = await program.RunAsync(arguments);

        Assert.Equal(ReportOf(undisturbed), ReportOf(last));
        Assert.Equal(await AgentHostTables.ReadAsync(calm), await AgentHostTables.ReadAsync(shaken));
        Assert.Equal(6L * Times, await shaken.ScalarAsync("SELECT count(*) FROM host_changes"));
        Assert.Equal(
            6L * Times, await shaken.ScalarAsync("SELECT count(*) FROM (SELECT DISTINCT run_id, call_number FROM host_changes) AS made"));
        Assert.Equal(2L * Times, await shaken.ScalarAsync("SELECT sum(undone) FROM host_changes"));
        await using var agent = new Agent(shaken);
        var verified = await agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        Assert.True(verified is { IsIntact: true, Verified: > 0 }, verified.Reason);
    }

    /// <summary>Returns a moment after so many more messages are stored.</summary>
    private static async Task MessagesAsync(TestDatabase database, int more)
    {
        var goal = await MessageCountAsync(database) + more;
        while (await MessageCountAsync(database) < goal)
        {
            await Task.Delay(20, Cancellation);
        }

        await Task.Delay(Random.Shared.Next(60), Cancellation);
    }

    private static async Task<long> MessageCountAsync(TestDatabase database)
    {
        try
        {
            return await database.CountAsync("agent_chat_messages");
        }
        catch (DbException)
        {
            // The tables are not made yet.
            return 0;
        }
    }

    /// <summary>The sample's own conversations, several times, so that there is more to interrupt.</summary>
    private static async Task<string> RepeatedAsync(SampleProgram program)
    {
        var own = JsonNode.Parse(await File.ReadAllTextAsync(Arguments.Parse([]).ConversationsPath, Cancellation))!.AsArray();
        var all = new JsonArray();
        foreach (var (trial, conversation) in Enumerable.Range(0, Times).SelectMany(trial => own.Select(one => (trial, one!))))
        {
            var copy = conversation.DeepClone();
            copy["trial"] = trial;
            all.Add(copy);
        }

        var path = program.FileNamed("repeated.json");
        await File.WriteAllTextAsync(path, all.ToJsonString(), Cancellation);
        return path;
    }

    /// <summary>On SQLite the program's own file is made the test's.</summary>
    private static string[] ArgumentsFor(SampleProgram program, TestDatabase database)
    {
        if (database is not SqliteTestDatabase sqlite)
        {
            return ["--postgres", database.ConnectionString];
        }

        File.Delete(program.FileNamed("agenthost.sqlite"));
        File.CreateSymbolicLink(program.FileNamed("agenthost.sqlite"), sqlite.FilePath);
        return [];
    }

    private static string ReportOf((int ExitCode, string Output, string Error) run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output[run.Output.IndexOf(Report.Title, StringComparison.Ordinal)..];
    }
}
