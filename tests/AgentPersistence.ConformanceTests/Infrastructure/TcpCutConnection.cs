using System.Buffers;
using System.Net.Sockets;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>One client's connection through a <see cref="TcpCutProxy"/>.</summary>
internal sealed class TcpCutConnection(TcpCutProxy proxy, Socket client) : IDisposable
{
    private const int BufferSize = 65_536;

    private readonly Lock gate = new();
    private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly PostgreSqlFrames requests = new(startsWithStartup: true);
    private readonly PostgreSqlFrames answers = new(startsWithStartup: false);
    private readonly ArrayBufferWriter<byte> unanswered = new();
    private readonly ArrayBufferWriter<byte> withheld = new();
    private int awaitedAnswers;
    private bool amidRequest;
    private TcpCutProxy.Loss? loss;

    public async Task RunAsync(string host, int port)
    {
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(host, port);
            await Task.WhenAny(ForwardRequestsAsync(), ForwardAnswersAsync());
        }
        catch (Exception refused) when (IsClosed(refused))
        {
            // The client learns it by the reset.
        }

        Cut();
    }

    public void Dispose() => Cut();

    public void Cut()
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
        }
        catch (Exception closed) when (IsClosed(closed))
        {
            // Cut already.
        }

        client.Dispose();
        server.Dispose();
    }

    private async Task ForwardRequestsAsync()
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await client.ReceiveAsync(buffer) is var count and > 0)
            {
                var bytes = buffer.AsMemory(0, count);
                if (Judge(bytes.Span) is { What: TcpCutProxy.Lost.Request } lost)
                {
                    Cut();
                    proxy.Count(lost);
                    return;
                }

                await SendAsync(server, bytes);
            }
        }
        catch (Exception closed) when (IsClosed(closed))
        {
            // The other direction ends too.
        }
    }

    // Before the bytes go to the server, so that its answer cannot overtake the decision to drop it.
    private TcpCutProxy.Loss? Judge(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            unanswered.Write(bytes);
            foreach (var type in requests.Read(bytes))
            {
                if (type is PostgreSqlFrames.Startup or PostgreSqlFrames.Query or PostgreSqlFrames.Sync or PostgreSqlFrames.FunctionCall)
                    awaitedAnswers++;
                // Parse, Bind, Describe, Execute and Close are answered for good only at the Sync that follows.
                amidRequest = type is (byte)'P' or (byte)'B' or (byte)'D' or (byte)'E' or (byte)'C';
            }

            amidRequest |= !requests.AtBoundary;
            return loss ??= proxy.TakeLoss(unanswered.WrittenMemory);
        }
    }

    private async Task ForwardAnswersAsync()
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await server.ReceiveAsync(buffer) is var count and > 0)
            {
                var bytes = buffer.AsMemory(0, count);
                if (!IsWithheld(bytes.Span, out var complete))
                    await SendAsync(client, bytes);
                else if (complete)
                {
                    if (loss!.What == TcpCutProxy.Lost.EndOfAnswer)
                        await SendAsync(client, withheld.WrittenMemory[..PostgreSqlFrames.EndOfCommands(withheld.WrittenSpan)]);
                    Cut();
                    proxy.Count(loss);
                    return;
                }
            }
        }
        catch (Exception closed) when (IsClosed(closed))
        {
            // The other direction ends too.
        }
    }

    private bool IsWithheld(ReadOnlySpan<byte> bytes, out bool complete)
    {
        lock (gate)
        {
            var mayCopyIn = false;
            foreach (var type in answers.Read(bytes))
            {
                if (type == PostgreSqlFrames.ReadyForQuery)
                    awaitedAnswers--;
                mayCopyIn |= type == PostgreSqlFrames.CopyInResponse;
            }

            complete = awaitedAnswers == 0 && !amidRequest;
            if (complete && loss is null)
                unanswered.ResetWrittenCount();
            // Without the leave to copy, the client would never send the rows that the answer is about.
            if (loss is null || mayCopyIn)
                return false;
            withheld.Write(bytes);
            return true;
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    private static bool IsClosed(Exception exception) => exception is SocketException or ObjectDisposedException;
}
