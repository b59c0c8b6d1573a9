using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentPersistence.Auditing.Storage;

/// <summary>The bytes that are hashed, in a buffer that is used again for the next row.</summary>
internal sealed class AuditBytes
{
    private const int NullLength = -1;
    private const int IdLength = 36;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>How many bytes the buffer has come to hold.</summary>
    public int Capacity => _bytes.Length;

    public void Clear() => _length = 0;

    public void HashTo(Span<byte> hash) => SHA256.HashData(Written, hash);

    /// <summary>The place of so many more bytes, to be written at once.</summary>
    public ArraySegment<byte> Next(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_length + count, (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }

        var next = new ArraySegment<byte>(_bytes, _length, count);
        _length += count;
        return next;
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    public void Number(long number) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), number);

    /// <summary>The length of what follows, or what stands for null.</summary>
    public void Prefix(int length) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), length);

    public void Null() => Prefix(NullLength);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Prefix(bytes.Length);
        Raw(bytes);
    }

    public void Text(string? text)
    {
        if (text is null)
        {
            Null();
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Prefix(length);
        Encoding.UTF8.GetBytes(text, Next(length));
    }

    /// <summary>An id as its lower-case text.</summary>
    public void Id(Guid? id)
    {
        if (id is not { } given)
        {
            Null();
            return;
        }

        Prefix(IdLength);
        given.TryFormat(Next(IdLength), out _);
    }
}
