using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Turns a row into the bytes that are hashed, format 1: the byte 1, then every hashed column in a fixed order; text as a 4-byte
/// big-endian length (−1 for null) and UTF-8, bytes likewise, integers as 8 bytes, ids as their lower-case text, times as
/// microseconds since 1970. What is personal enters only through its own salted hash, so that it can be erased later.
/// </summary>
internal static class AuditHash
{
    public const short Format = 1;
    public const int Length = SHA256.HashSizeInBytes;
    public const int SaltLength = 16;

    private const int NullLength = -1;

    /// <summary>The hash before the first row.</summary>
    public static byte[] Genesis => new byte[Length];

    /// <summary>SHA-256 over the salt and the personal columns.</summary>
    public static byte[] OfPersonal(byte[] salt, string? userId, string? input, string? output, string? details, string? error)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(salt);
        Text(bytes, userId);
        Text(bytes, input);
        Text(bytes, output);
        Text(bytes, details);
        Text(bytes, error);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    /// <summary>SHA-256 over the hash of the row before and this row in its place.</summary>
    public static byte[] OfRow(byte[] previousHash, long sequence, AuditRow row)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        bytes.Write(previousHash);
        bytes.Write([(byte)Format]);
        Number(bytes, sequence);
        Id(bytes, row.Id);
        Id(bytes, row.ActionId);
        Id(bytes, row.PreviousId);
        Text(bytes, row.RunId);
        Text(bytes, row.SessionId);
        Text(bytes, row.EventType);
        Text(bytes, row.Intent);
        Text(bytes, row.Action);
        Text(bytes, row.Status);
        Text(bytes, row.IdempotencyKey);
        Number(bytes, Microseconds(row.OccurredAt));
        Number(bytes, Microseconds(row.CreatedAt));
        Prefix(bytes, row.PersonalHash.Length);
        bytes.Write(row.PersonalHash);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static void Id(ArrayBufferWriter<byte> bytes, Guid? id)
    {
        Span<char> text = stackalloc char[36];
        if (id is { } given && given.TryFormat(text, out _))
        {
            Text(bytes, text);
        }
        else
        {
            Prefix(bytes, NullLength);
        }
    }

    private static void Text(ArrayBufferWriter<byte> bytes, string? text)
    {
        if (text is null)
        {
            Prefix(bytes, NullLength);
        }
        else
        {
            Text(bytes, text.AsSpan());
        }
    }

    private static void Text(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Prefix(bytes, length);
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(length)));
    }

    private static void Prefix(ArrayBufferWriter<byte> bytes, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
    }

    private static void Number(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }
}
