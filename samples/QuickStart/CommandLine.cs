using Microsoft.Data.Sqlite;
using Npgsql;

namespace QuickStart;

/// <summary>What the user asked for; <see cref="Error"/> says what is wrong with it.</summary>
public sealed record CommandLine
{
    public const string Usage = """
        Usage: dotnet run --project samples/QuickStart [-- <options>]

          --conversations <file>            plays the conversations of a JSON file in the OpenAI chat format, instead of the sample's own
          --postgres "<connection string>"  records into PostgreSQL, instead of quickstart.sqlite in the working directory
          --first-steps                     runs the first lines of the README, on agent.sqlite in the working directory
          --help                            shows this
        """;

    public string? ConversationsPath { get; private init; }

    public string? PostgreSql { get; private init; }

    public bool FirstSteps { get; private init; }

    public bool Help { get; private init; }

    public string? Error { get; private init; }

    public static string SqliteFile => Path.GetFullPath("quickstart.sqlite");

    public string ConnectionString => PostgreSql ?? new SqliteConnectionStringBuilder { DataSource = SqliteFile }.ConnectionString;

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new CommandLine();
        for (var i = 0; i < arguments.Count && parsed.Error is null; i++)
        {
            var value = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[i + 1] : null;
            parsed = arguments[i] switch
            {
                "--help" or "-h" => parsed with { Help = true },
                "--first-steps" => parsed with { FirstSteps = true },
                "--conversations" when value is null => parsed with { Error = "--conversations needs the path of a file." },
                "--conversations" => parsed with { ConversationsPath = value },
                "--postgres" when ServerOf(value) is null => parsed with
                {
                    Error = "--postgres needs an Npgsql connection string, such as \"Host=localhost;Database=agents;Username=me\".",
                },
                "--postgres" => parsed with { PostgreSql = value },
                var unknown => parsed with { Error = $"There is no option {unknown}." },
            };
            i += arguments[i] is "--conversations" or "--postgres" ? 1 : 0;
        }

        return parsed;
    }

    private static string? ServerOf(string? connectionString)
    {
        try
        {
            return string.IsNullOrWhiteSpace(connectionString) ? null : new NpgsqlConnectionStringBuilder(connectionString).Host;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return null;
        }
    }
}
