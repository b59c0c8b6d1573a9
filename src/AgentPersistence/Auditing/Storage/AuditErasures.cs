using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Counts and digests the rows of each erasure as they pass in the order of the chain: SHA-256 over the digest so far (zeros at first),
/// the sequence and the personal hash. One row after the other, so that a prune can record how far it had come.
/// </summary>
internal sealed class AuditErasures
{
    private readonly Dictionary<Guid, Erasure> _open = [];

    public bool IsEmpty => _open.Count == 0;

    /// <summary>The first row that names an entry which has not passed; null if there is none.</summary>
    public long? FirstOpen => _open.Values.Min(e => e.First);

    public IEnumerable<KeyValuePair<Guid, AuditErasedRows>> Rows => _open.Select(e => KeyValuePair.Create(e.Key, e.Value.Rows));

    /// <summary>Goes on from rows that are not in the range.</summary>
    public void Seed(Guid entry, AuditErasedRows rows) => _open[entry] = new Erasure { Rows = rows };

    /// <summary>Adds a row that is trusted.</summary>
    public void Seed(Guid entry, long sequence, ReadOnlySpan<byte> personalHash) => Get(entry).Add(sequence, personalHash);

    public void Add(Guid entry, long sequence, ReadOnlySpan<byte> personalHash)
    {
        var erasure = Get(entry);
        erasure.First ??= sequence;
        erasure.Add(sequence, personalHash);
    }

    public bool IsOpen(Guid entry) => _open.ContainsKey(entry);

    /// <summary>The entry has passed: what it must have recorded, and the first row that names it.</summary>
    public (AuditErasedRows Rows, long? First) Close(Guid entry) =>
        _open.Remove(entry, out var erasure) ? (erasure.Rows, erasure.First) : (AuditErasedRows.None, null);

    private Erasure Get(Guid entry) =>
        _open.TryGetValue(entry, out var erasure) ? erasure : _open[entry] = new Erasure { Rows = AuditErasedRows.None };

    private sealed class Erasure
    {
        public AuditErasedRows Rows { get; set; } = AuditErasedRows.None;

        public long? First { get; set; }

        public void Add(long sequence, ReadOnlySpan<byte> personalHash) => Rows = Rows.Add(sequence, personalHash);
    }
}

/// <summary>How many rows, and the digest over them.</summary>
internal readonly record struct AuditErasedRows(long Count, string Digest)
{
    public static readonly AuditErasedRows None = new(0, Convert.ToHexStringLower(AuditHash.Genesis));

    public AuditErasedRows Add(long sequence, ReadOnlySpan<byte> personalHash)
    {
        Span<byte> bytes = stackalloc byte[AuditHash.Length + sizeof(long) + personalHash.Length];
        Convert.FromHexString(Digest, bytes, out _, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[AuditHash.Length..], sequence);
        personalHash.CopyTo(bytes[(AuditHash.Length + sizeof(long))..]);
        Span<byte> digest = stackalloc byte[AuditHash.Length];
        SHA256.HashData(bytes, digest);
        return new AuditErasedRows(Count + 1, Convert.ToHexStringLower(digest));
    }
}
