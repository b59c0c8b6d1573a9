using System.Buffers.Binary;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Finds the messages of PostgreSQL's wire protocol in one direction of an unencrypted connection.</summary>
internal sealed class PostgreSqlFrames(bool startsWithStartup)
{
    public const byte Startup = 0;
    public const byte Query = (byte)'Q';
    public const byte FunctionCall = (byte)'F';
    public const byte Sync = (byte)'S';
    public const byte ReadyForQuery = (byte)'Z';
    public const byte CommandComplete = (byte)'C';
    public const byte CopyInResponse = (byte)'G';

    private readonly byte[] header = new byte[5];
    private bool untyped = startsWithStartup;
    private int headerBytes;
    private int bodyBytes;

    /// <summary>Whether the last byte read was the last byte of a message.</summary>
    public bool AtBoundary => headerBytes == 0;

    /// <summary>How many bytes of a whole answer there are up to the end of its last command.</summary>
    public static int EndOfCommands(ReadOnlySpan<byte> answer)
    {
        var (end, next) = (0, 0);
        while (next < answer.Length)
        {
            var type = answer[next];
            next += 1 + BinaryPrimitives.ReadInt32BigEndian(answer[(next + 1)..]);
            end = type == CommandComplete ? next : end;
        }

        return end;
    }

    /// <summary>Returns the types of the messages that end within these bytes.</summary>
    public List<byte> Read(ReadOnlySpan<byte> bytes)
    {
        List<byte> completed = [];
        while (!bytes.IsEmpty)
        {
            var headerSize = untyped ? 4 : 5;
            if (headerBytes < headerSize)
            {
                header[headerBytes++] = bytes[0];
                bytes = bytes[1..];
                if (headerBytes < headerSize)
                    continue;
                bodyBytes = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(headerSize - 4)) - 4;
            }

            var taken = Math.Min(bodyBytes, bytes.Length);
            bytes = bytes[taken..];
            bodyBytes -= taken;
            if (bodyBytes > 0)
                continue;
            completed.Add(untyped ? Startup : header[0]);
            untyped = false;
            headerBytes = 0;
        }

        return completed;
    }
}
