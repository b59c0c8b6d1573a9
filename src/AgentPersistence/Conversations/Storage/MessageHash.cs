using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentPersistence.Conversations.Storage;

/// <summary>
/// SHA-256 over what makes two messages the same: role, text, author and payload, each as a 4-byte big-endian length (−1 for null) and
/// UTF-8. Stored, so it stays as it is.
/// </summary>
internal static class MessageHash
{
    private const int NullLength = -1;

    public static byte[] Of(string role, string? text, string? authorUserId, string? rawPayload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, role);
        Append(hash, text);
        Append(hash, authorUserId);
        Append(hash, rawPayload);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? NullLength : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
