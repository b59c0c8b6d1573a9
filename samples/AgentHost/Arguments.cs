using Npgsql;

namespace AgentHost;

/// <summary>What the user asked for; <see cref="Error"/> says what is wrong with it.</summary>
public sealed record Arguments
{
    public const string Usage = """
        Usage: dotnet run --project samples/AgentHost [-- <options>]

          --conversations <file>            plays the conversations of a JSON file in the OpenAI chat format, instead of the sample's own
          --postgres "<connection string>"  works on PostgreSQL, instead of agenthost.sqlite in the working directory
          --help                            shows this

        Stop it at any point, even by killing it, and start it again: it goes on, and nothing is done twice.
        """;

    public string ConversationsPath { get; private init; } = Path.Combine(AppContext.BaseDirectory, "travel.json");

    public string? PostgreSql { get; private init; }

    public bool Help { get; private init; }

    public string? Error { get; private init; }

    public static string SqliteFile => Path.GetFullPath("agenthost.sqlite");

    public static Arguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new Arguments();
        for (var i = 0; i < arguments.Count && parsed.Error is null; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            parsed = (arguments[i], value) switch
            {
                ("--help" or "-h", _) => parsed with { Help = true },
                ("--conversations", not null) => parsed with { ConversationsPath = value },
                ("--postgres", not null) when NamesServer(value) => parsed with { PostgreSql = value },
                ("--conversations", _) => parsed with { Error = "--conversations needs the path of a file." },
                ("--postgres", _) => parsed with { Error = "--postgres needs an Npgsql connection string, such as \"Host=localhost\"." },
                var (unknown, _) => parsed with { Error = $"There is no option {unknown}." },
            };
        }

        return parsed;
    }

    private static bool NamesServer(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is not null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
