using Npgsql;
using Spectre.Console;

namespace QuickStart.Reports;

/// <summary>Prints tables, each with one line that says what it shows.</summary>
public sealed class Screen
{
    private const int WidthWithoutTerminal = 140;

    private readonly IAnsiConsole _console;

    public Screen()
    {
        _console = AnsiConsole.Console;
        if (!_console.Profile.Out.IsTerminal)
        {
            _console.Profile.Width = WidthWithoutTerminal;
            _console.Profile.Capabilities.Ansi = false;
        }
    }

    public static string NameOf(CommandLine commandLine)
    {
        if (commandLine.PostgreSql is not { } connectionString)
        {
            return $"the SQLite file {CommandLine.SqliteFile}";
        }

        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return $"PostgreSQL at {server.Host}:{server.Port}, database {server.Database ?? server.Username}";
    }

    public void Announce(int conversations, CommandLine commandLine)
    {
        Say($"Playing {conversations} conversations into {NameOf(commandLine)}.");
        if (commandLine.PostgreSql is null)
        {
            Say("Run it again and every change is answered from the cache; delete the file to start anew.");
        }
    }

    public void Say(string line) => _console.WriteLine(line);

    public void Show(string what, string[] columns, IEnumerable<object?[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            // Text, not markup: what agents say may hold brackets.
            table.AddRow(row.Select(cell => new Text(Readable.Of(cell))));
        }

        _console.WriteLine();
        _console.WriteLine(what);
        _console.Write(table);
    }
}
