namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>The server's programs: where they are, and under which account they run.</summary>
internal sealed class PostgreSqlPrograms
{
    private const string ServerAccount = "postgres";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    // Once for all servers: they would install at the same time.
    private static readonly Lazy<Task<PostgreSqlPrograms>> Found = new(SearchAsync);

    private readonly string folder;

    private PostgreSqlPrograms(string folder) => this.folder = folder;

    public static Task<PostgreSqlPrograms> FindOrInstallAsync() => Found.Value;

    /// <summary>The command line of one of the programs; the server refuses to run as root.</summary>
    public IReadOnlyList<string> Command(string program, params IReadOnlyList<string> arguments)
    {
        string[] command = [Path.Combine(folder, program), .. arguments];
        return Environment.IsPrivilegedProcess ? ["runuser", "-u", ServerAccount, "--", .. command] : command;
    }

    public static async Task<string> CreateDataFolderAsync()
    {
        var data = Directory.CreateTempSubdirectory("agent-persistence-postgresql-").FullName;
        if (Environment.IsPrivilegedProcess)
            await Shell.RunAsync(["chown", ServerAccount, data]);
        return data;
    }

    public async Task InitializeAsync(string data)
    {
        string[] arguments = ["-D", data, "-U", ServerAccount, "-A", "trust", "-E", "UTF8", "--no-sync"];
        await Shell.RunAsync(Command("initdb", [.. arguments, .. await LocaleAsync()]));
    }

    // A linguistic order as most servers have it: under the byte order of "C", a column that forgot to ask for it would pass.
    private async Task<IReadOnlyList<string>> LocaleAsync()
    {
        var help = await Shell.RunAsync(Command("initdb", "--help"));
        return help.Contains("--icu-locale", StringComparison.Ordinal)
            ? ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]
            : ["--locale=C"];
    }

    private static async Task<PostgreSqlPrograms> SearchAsync()
    {
        var found = await FindAsync();
        if (found is null && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get"))
        {
            await Console.Error.WriteLineAsync("No PostgreSQL server on this machine: installing Debian's package postgresql.");
            await Shell.RunAsync(["sh", Path.Combine(AppContext.BaseDirectory, "Infrastructure", "postgresql-install.sh")]);
            found = await FindAsync();
        }

        return found is not null
            ? new PostgreSqlPrograms(found)
            : throw new InvalidOperationException(
                "The PostgreSQL suites need a server. Install one (Debian: `apt-get install postgresql`; its bin folder may be on the "
                + $"PATH, and it need not run), or set {PostgreSqlServer.GivenVariable} to the connection string of a running one "
                + "whose user may create databases.");
    }

    private static async Task<string?> FindAsync() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(DebianFolders())
        .FirstOrDefault(IsComplete)
        ?? await ConfiguredFolderAsync();

    private static IEnumerable<string> DebianFolders() =>
        !Directory.Exists("/usr/lib/postgresql")
            ? []
            : Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"));

    private static async Task<string?> ConfiguredFolderAsync()
    {
        try
        {
            var configured = (await Shell.RunAsync(["pg_config", "--bindir"])).Trim();
            return IsComplete(configured) ? configured : null;
        }
        catch (Exception notInstalled) when (notInstalled is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsComplete(string folder) =>
        Needed.All(program => File.Exists(Path.Combine(folder, program)));
}
