using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure;

public enum PostgreSqlStop
{
    /// <summary>Cuts every connection, rolls open transactions back and shuts down in good order.</summary>
    Fast,

    /// <summary>Ends at once, as a crash does; the next start recovers from the log.</summary>
    Immediate,
}

/// <summary>A throwaway PostgreSQL server on a loopback port, which does not outlive the process that started it.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    /// <summary>The environment variable with the connection string of a server to use instead of a throwaway one.</summary>
    public const string GivenVariable = "AGENT_PERSISTENCE_POSTGRES";

    private readonly PostgreSqlPrograms programs;
    private readonly string data;
    private readonly PostgreSqlCatalog catalog;
    private readonly Process watchdog;

    private PostgreSqlServer(PostgreSqlPrograms programs, string data, int port, Process watchdog)
    {
        this.programs = programs;
        this.data = data;
        this.watchdog = watchdog;
        Port = port;
        catalog = new PostgreSqlCatalog(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Database = "postgres",
        }.ConnectionString);
    }

    public int Port { get; }

    /// <summary>Creates and drops databases on this server.</summary>
    public PostgreSqlCatalog Catalog => catalog;

    /// <param name="fsync">Whether commits are forced to the disk; without it tests run faster.</param>
    public static async Task<PostgreSqlServer> StartAsync(bool fsync = true)
    {
        var programs = await PostgreSqlPrograms.FindOrInstallAsync();
        var data = await PostgreSqlPrograms.CreateDataFolderAsync();
        var watchdog = StartWatchdog(programs, data);
        try
        {
            await programs.InitializeAsync(data);
            await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
            var port = await StartOnFreePortAsync(programs, data, fsync);
            return new PostgreSqlServer(programs, data, port, watchdog);
        }
        catch
        {
            await EndAsync(watchdog);
            throw;
        }
    }

    public string ConnectionString(string database) => catalog.ConnectionString(database);

    /// <summary>Returns the connection string of a new, empty database.</summary>
    public Task<string> CreateDatabaseAsync() => catalog.CreateDatabaseAsync();

    public Task DropDatabaseAsync(string connectionString) => catalog.DropDatabaseAsync(connectionString);

    public Task StopAsync(PostgreSqlStop mode = PostgreSqlStop.Fast) =>
        Shell.RunAsync(programs.Command("pg_ctl", "stop", "-D", data, "-w", "-m", mode == PostgreSqlStop.Fast ? "fast" : "immediate"));

    /// <summary>Starts a stopped server with the port and the data that it had.</summary>
    public Task StartAgainAsync() => StartAsync(programs, data);

    public async ValueTask DisposeAsync() => await EndAsync(watchdog);

    private static Process StartWatchdog(PostgreSqlPrograms programs, string data)
    {
        string[] script = ["sh", Path.Combine(AppContext.BaseDirectory, "Infrastructure", "postgresql-watchdog.sh"), data];
        // In a session of its own it survives a signal to the whole group of test processes.
        string[] prefix = File.Exists("/usr/bin/setsid") ? ["setsid"] : [];
        var start = Shell.Describe([.. prefix, .. script, .. programs.Command("pg_ctl", "stop", "-D", data, "-w", "-m", "immediate")]);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process watchdog)
    {
        watchdog.StandardInput.Close();
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }

    private static async Task<int> StartOnFreePortAsync(PostgreSqlPrograms programs, string data, bool fsync)
    {
        var settings = Path.Combine(data, "postgresql.conf");
        var defaults = await File.ReadAllTextAsync(settings);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            await File.WriteAllTextAsync(settings, defaults + Settings(port, fsync));
            try
            {
                await StartAsync(programs, data);
                return port;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Somebody else may have taken the port since it was found free.
            }
        }
    }

    private static async Task StartAsync(PostgreSqlPrograms programs, string data)
    {
        var log = Path.Combine(data, "server.log");
        try
        {
            await Shell.RunAsync(programs.Command("pg_ctl", "start", "-D", data, "-w", "-t", "60", "-l", log));
        }
        catch (InvalidOperationException failure) when (File.Exists(log))
        {
            throw new InvalidOperationException($"{failure.Message}\n{await File.ReadAllTextAsync(log)}", failure);
        }
    }

    private static string Settings(int port, bool fsync) =>
        $"""

        port = {port}
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 200
        fsync = {(fsync ? "on" : "off")}
        full_page_writes = {(fsync ? "on" : "off")}
        log_line_prefix = '%m [%p] %d '

        """;

    // Below the range from which systems take the local ports of outgoing connections: none of these may take the port
    // while the server is stopped.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using TcpListener listener = new(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may be free.
            }
        }
    }
}
