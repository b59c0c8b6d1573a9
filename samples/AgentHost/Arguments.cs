namespace AgentHost;

/// <summary>What the user asked for; <see cref="Error"/> says what is wrong with it.</summary>
public sealed record Arguments
{
    public const string Usage = """
        Usage: dotnet run --project samples/AgentHost [-- <options>]

          --conversations <file>            plays the conversations of a JSON file in the OpenAI chat format, instead of the sample's own
          --postgres "<connection string>"  works on PostgreSQL, instead of agenthost.sqlite in the working directory

        Stop it at any point, even by killing it, and start it again: it goes on, and nothing is done twice.
        """;

    public string? ConversationsPath { get; private init; }

    public string? PostgreSql { get; private init; }

    public string? Error { get; private init; }

    public static string SqliteConnectionString => $"Data Source={Path.GetFullPath("agenthost.sqlite")}";

    public static Arguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new Arguments();
        for (var i = 0; i < arguments.Count && parsed.Error is null; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            parsed = (arguments[i], value) switch
            {
                ("--conversations", not null) => parsed with { ConversationsPath = value },
                ("--postgres", not null) => parsed with { PostgreSql = value },
                var (unknown, _) => parsed with { Error = $"{unknown} is no option, or needs a value." },
            };
        }

        return parsed;
    }
}
