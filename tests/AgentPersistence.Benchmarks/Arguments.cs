using System.Globalization;

namespace AgentPersistence.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        AgentPersistence.Benchmarks <suite…> [--rounds n] [--seconds s] [--callers n] [--postgres <connection string>]
                                    [--peers <folder>] [--rows n] [--table name] [--output <folder>]
          --rounds    counted rounds of each comparison (7)
          --seconds   the length of each competitor's turn in a round (4)
          --callers   only comparisons with so many callers
          --postgres  a server whose user may create databases; without it a throwaway one is started
          --peers     a folder whose run.sh runs the peers from npm
          --rows      the largest size of the growth suites (10000000; on SQLite 1000000 at most)
          --table     only this table of the growth suites, for example "audit log"
          --output    where plots are written (the working directory)
        """;

    public IReadOnlyList<string> Suites { get; private init; } = [];

    public int Rounds { get; private init; } = 7;

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(4);

    public int? Callers { get; private init; }

    public string? PostgreSql { get; private init; }

    public string? Peers { get; private init; }

    public long Rows { get; private init; } = 10_000_000;

    public string? Table { get; private init; }

    public string Output { get; private init; } = ".";

    /// <exception cref="ArgumentException">An option is unknown, or lacks its value.</exception>
    public static Arguments Parse(IReadOnlyList<string> given)
    {
        var (arguments, suites) = (new Arguments(), new List<string>());
        for (var i = 0; i < given.Count; i++)
        {
            if (!given[i].StartsWith("--", StringComparison.Ordinal))
            {
                suites.Add(given[i]);
                continue;
            }

            var option = given[i];
            var value = ++i < given.Count ? given[i] : throw new ArgumentException($"{option} lacks its value.");
            arguments = option switch
            {
                "--rounds" => arguments with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => arguments with { Duration = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
                "--callers" => arguments with { Callers = int.Parse(value, CultureInfo.InvariantCulture) },
                "--postgres" => arguments with { PostgreSql = value },
                "--peers" => arguments with { Peers = value },
                "--rows" => arguments with { Rows = long.Parse(value, CultureInfo.InvariantCulture) },
                "--table" => arguments with { Table = value },
                "--output" => arguments with { Output = Directory.CreateDirectory(value).FullName },
                _ => throw new ArgumentException($"There is no option {option}."),
            };
        }

        return arguments with { Suites = suites };
    }
}
