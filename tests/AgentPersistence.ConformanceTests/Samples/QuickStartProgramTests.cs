using AgentPersistence.ConformanceTests.Infrastructure;
using Npgsql;

namespace AgentPersistence.ConformanceTests.Samples;

public sealed class QuickStartProgramTests(PostgreSqlDatabases databases)
{
    [Fact]
    public async Task Without_arguments_it_records_its_own_conversations_and_a_second_run_is_answered_from_the_cache()
    {
        using var program = new SampleProgram("QuickStart");

        var first = await program.RunAsync();
        var second = await program.RunAsync();

        AssertShown(first, "│ recorded ");
        AssertShown(second, "│ recorded before, changes asked for again ");
        Assert.True(File.Exists(program.FileNamed("quickstart.sqlite")));
    }

    [Fact]
    public async Task On_PostgreSQL_it_shows_the_same_and_leaves_no_scratch_schema()
    {
        await using var database = await databases.CreateEmptyAsync();
        using var program = new SampleProgram("QuickStart");

        var first = await program.RunAsync("--postgres", database.ConnectionString);
        var second = await program.RunAsync("--postgres", database.ConnectionString);

        AssertShown(first, "│ recorded ");
        AssertShown(second, "│ recorded before, changes asked for again ");
        Assert.Equal(0L, await database.ScalarAsync("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'quickstart%'"));
        Assert.False(File.Exists(program.FileNamed("quickstart.sqlite")));
    }

    [Fact]
    public async Task A_role_that_may_not_create_a_schema_is_told_why_no_copy_was_made()
    {
        await using var database = await databases.CreateEmptyAsync();
        var role = $"reader_{Guid.CreateVersion7():n}";
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO {role}; REVOKE CREATE ON DATABASE \"{name}\" FROM PUBLIC");
        var connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role }.ConnectionString;
        using var program = new SampleProgram("QuickStart");

        var run = await program.RunAsync("--postgres", connectionString);

        await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("No tampered copy was made", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_plays_the_conversations_of_a_file()
    {
        using var program = new SampleProgram("QuickStart");

        var run = await program.RunAsync("--conversations", ConversationData.Path);

        AssertShown(run, "│ recorded ");
        var expected = ConversationData.Count(ConversationData.Path);
        Assert.Contains($"Playing {expected.Conversations} conversations", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_lines_of_the_README_run()
    {
        using var program = new SampleProgram("QuickStart");

        var first = await program.RunAsync("--first-steps");
        var second = await program.RunAsync("--first-steps");

        Assert.Equal((0, "Seat 12A. Audit log: 1 rows, intact: True"), (first.ExitCode, first.Output.TrimEnd()));
        Assert.Equal((0, "Seat 12A. Audit log: 2 rows, intact: True"), (second.ExitCode, second.Output.TrimEnd()));
    }

    [Theory]
    [InlineData("There is no option --postgre", "--postgre")]
    [InlineData("--conversations needs the path of a file", "--conversations")]
    [InlineData("--conversations needs the path of a file", "--conversations", "--postgres")]
    [InlineData("--postgres needs an Npgsql connection string", "--postgres")]
    [InlineData("--postgres needs an Npgsql connection string", "--postgres", "not a connection string")]
    [InlineData("--postgres needs an Npgsql connection string", "--postgres", "Database=x")]
    [InlineData("Give the path of a JSON file", "--conversations", "missing.json")]
    [InlineData("Give the path of a JSON file", "--conversations", ".")]
    public async Task Bad_arguments_say_what_to_do_and_end_with_2(string expected, params string[] arguments)
    {
        using var program = new SampleProgram("QuickStart");

        var run = await program.RunAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(program.FileNamed("quickstart.sqlite")));
    }

    [Fact]
    public async Task A_database_that_cannot_be_opened_is_named_and_ends_with_1()
    {
        using var program = new SampleProgram("QuickStart");
        Directory.CreateDirectory(program.FileNamed("quickstart.sqlite"));

        var run = await program.RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"the SQLite file {program.FileNamed("quickstart.sqlite")} can be reached", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ends_with_0()
    {
        using var program = new SampleProgram("QuickStart");

        var run = await program.RunAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--conversations <file>", run.Output, StringComparison.Ordinal);
    }

    private static void AssertShown((int ExitCode, string Output, string Error) run, string what)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(what, run.Output, StringComparison.Ordinal);
        Assert.Contains("Runs by outcome", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 times more", run.Output, StringComparison.Ordinal);
        Assert.Matches("│ the log against the checkpoint *│ *[0-9]+ *│ yes *│ *│ *│", run.Output);
        Assert.Matches("│ the copy *│ *[0-9]+ *│ no *│ *[0-9]+ *│ *[a-z]+", run.Output);
    }
}
