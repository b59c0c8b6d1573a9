using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>
/// Stands between Npgsql and a PostgreSQL server and forwards everything, until it is told to break a connection at a given moment.
/// </summary>
public sealed class TcpCutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpCutConnection, bool> connections = new();
    private readonly List<Loss> losses = [];
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;
    private int cuts;

    private TcpCutProxy(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder = new(connectionString);
        (host, port) = (builder.Host!, builder.Port);
        listener.Start();
        builder.Host = "127.0.0.1";
        builder.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // The proxy reads the messages that pass.
        builder.SslMode = SslMode.Disable;
        builder.GssEncryptionMode = GssEncryptionMode.Disable;
        ConnectionString = builder.ConnectionString;
        accepting = AcceptAsync();
    }

    /// <summary>The way to the database through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>How many connections were broken on command.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    public static TcpCutProxy Start(string connectionString) => new(connectionString);

    /// <summary>
    /// Lets the first request that matches reach the server, waits until the server has carried it out, drops its answer and breaks
    /// the connection. Inside an explicit transaction match the COMMIT: that is the request that makes the rows durable.
    /// </summary>
    /// <param name="when">Judges the bytes that the client has sent since the server's last complete answer.</param>
    /// <returns>A task that ends when the connection was broken.</returns>
    public Task LoseNextAnswer(Func<ReadOnlyMemory<byte>, bool> when) => Arm(when, Lost.Answer);

    /// <inheritdoc cref="LoseNextAnswer"/>
    /// <param name="text">Text that the request holds: of its statement (only when it is first prepared) or of a parameter.</param>
    public Task LoseNextAnswerTo(string text) => LoseNextAnswer(Holds(text));

    /// <inheritdoc cref="LoseNextAnswer"/>
    // The closing zero keeps "READ COMMITTED" apart.
    public Task LoseNextAnswerToCommit() => LoseNextAnswer(Holds("COMMIT\0"));

    /// <summary>
    /// Lets the first request that holds the text reach the server, waits until the server has carried it out, and breaks the connection
    /// once the client has what the commands answered: whether they were committed it never learns.
    /// </summary>
    /// <returns>A task that ends when the connection was broken.</returns>
    public Task LoseEndOfNextAnswerTo(string text) => Arm(Holds(text), Lost.EndOfAnswer);

    /// <summary>Breaks the connection of the first request that matches; the server never sees that request.</summary>
    /// <returns>A task that ends when the connection was broken.</returns>
    public Task LoseNextRequest(Func<ReadOnlyMemory<byte>, bool> when) => Arm(when, Lost.Request);

    /// <inheritdoc cref="LoseNextRequest"/>
    /// <param name="text">Text that the request holds.</param>
    public Task LoseNextRequestWith(string text) => LoseNextRequest(Holds(text));

    /// <summary>Lets nobody in any more; whoever is connected stays so.</summary>
    public void Close() => listener.Stop();

    /// <summary>Breaks every connection that is open now.</summary>
    public void CutAll()
    {
        foreach (var connection in connections.Keys)
        {
            connection.Cut();
            Interlocked.Increment(ref cuts);
        }
    }

    /// <summary>
    /// Makes a call wait for a row, breaks its connection, and lets the row go once the call has asked again: the server carries out what
    /// the broken connection has sent, and then the repetition.
    /// </summary>
    /// <param name="database">Where the row is.</param>
    /// <param name="row">The row's table and condition.</param>
    /// <param name="call">Writes the row, through this proxy.</param>
    public async Task<T> CutWhileWaitingAsync<T>(TestDatabase database, string row, Func<Task<T>> call)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, $"SELECT 1 FROM {row} FOR UPDATE");
        await command.ExecuteNonQueryAsync();
        var called = call();
        await WaitersAsync(database, 1);
        CutAll();
        await WaitersAsync(database, 2);
        await transaction.CommitAsync();
        return await called;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        foreach (var connection in connections.Keys)
            connection.Cut();
    }

    internal Loss? TakeLoss(ReadOnlyMemory<byte> request)
    {
        lock (losses)
        {
            var taken = losses.Find(loss => loss.When(request));
            if (taken is not null)
                losses.Remove(taken);
            return taken;
        }
    }

    internal void Count(Loss loss)
    {
        Interlocked.Increment(ref cuts);
        loss.Done.SetResult();
    }

    internal static Func<ReadOnlyMemory<byte>, bool> Holds(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return request => request.Span.IndexOf(wanted) >= 0;
    }

    private static async Task WaitersAsync(TestDatabase database, long count)
    {
        var patience = TimeSpan.FromSeconds(20);
        var started = TimeProvider.System.GetTimestamp();
        while (!count.Equals(await database.ScalarAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")))
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                throw new TimeoutException($"{count} statements were to wait for a lock.");
            await Task.Delay(10);
        }
    }

    private Task Arm(Func<ReadOnlyMemory<byte>, bool> when, Lost what)
    {
        Loss loss = new(when, what, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (losses)
            losses.Add(loss);
        return loss.Done.Task;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
            {
                return;
            }

            TcpCutConnection connection = new(this, client);
            connections[connection] = true;
            _ = RunAsync(connection);
        }
    }

    private async Task RunAsync(TcpCutConnection connection)
    {
        await connection.RunAsync(host, port);
        connections.TryRemove(connection, out _);
    }

    internal enum Lost
    {
        Request,
        Answer,
        EndOfAnswer,
    }

    internal sealed record Loss(Func<ReadOnlyMemory<byte>, bool> When, Lost What, TaskCompletionSource Done);
}
