using System.Security.Cryptography;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Turns a row into the bytes that are hashed, format 1: the byte 1, then every hashed column in a fixed order; text as a 4-byte
/// big-endian length (−1 for null) and UTF-8, bytes likewise, integers as 8 bytes, ids as their lower-case text, times as
/// microseconds since 1970. What is personal enters only through its own salted hash, so that it can be erased later.
/// <see cref="StoredAuditRow"/> does the same with a row as it is read.
/// </summary>
internal static class AuditHash
{
    public const short Format = 1;
    public const int Length = SHA256.HashSizeInBytes;
    public const int SaltLength = 16;

    private const int LargestKeptBuffer = 64 * 1024;

    [ThreadStatic]
    private static AuditBytes? t_bytes;

    /// <summary>The hash before the first row.</summary>
    public static byte[] Genesis => new byte[Length];

    /// <summary>SHA-256 over the salt and the personal columns.</summary>
    public static byte[] OfPersonal(byte[] salt, string? userId, string? input, string? output, string? details, string? error)
    {
        var bytes = Start();
        bytes.Raw(salt);
        bytes.Text(userId);
        bytes.Text(input);
        bytes.Text(output);
        bytes.Text(details);
        bytes.Text(error);
        return End(bytes);
    }

    /// <summary>SHA-256 over the hash of the row before and this row in its place.</summary>
    public static byte[] OfRow(byte[] previousHash, long sequence, AuditRow row)
    {
        var bytes = Start();
        bytes.Raw(previousHash);
        bytes.Raw([(byte)Format]);
        bytes.Number(sequence);
        bytes.Id(row.Id);
        bytes.Id(row.ActionId);
        bytes.Id(row.PreviousId);
        bytes.Text(row.RunId);
        bytes.Text(row.SessionId);
        bytes.Text(row.EventType);
        bytes.Text(row.Intent);
        bytes.Text(row.Action);
        bytes.Text(row.Status);
        bytes.Text(row.IdempotencyKey);
        bytes.Number(Microseconds(row.OccurredAt));
        bytes.Number(Microseconds(row.CreatedAt));
        bytes.Bytes(row.PersonalHash);
        return End(bytes);
    }

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static AuditBytes Start()
    {
        var bytes = t_bytes ??= new AuditBytes();
        bytes.Clear();
        return bytes;
    }

    private static byte[] End(AuditBytes bytes)
    {
        var hash = new byte[Length];
        bytes.HashTo(hash);
        if (bytes.Capacity > LargestKeptBuffer)
        {
            // One large payload must not hold its memory for as long as the thread lives.
            t_bytes = null;
        }

        return hash;
    }
}
