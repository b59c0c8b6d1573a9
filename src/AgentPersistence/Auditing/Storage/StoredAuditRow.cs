using System.Buffers.Text;
using System.Data.Common;
using AgentPersistence.Providers;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// One row as it is stored, read by <see cref="SqlDialect.ReadAuditChain"/> and hashed again without turning it into objects; the
/// same instance reads every row. A value that is not of its column's type throws <see cref="FormatException"/> or
/// <see cref="InvalidCastException"/>.
/// </summary>
internal sealed class StoredAuditRow(SqlDialect dialect)
{
    private const int Sequenced = 0;
    private const int Formatted = 1;
    private const int Hashed = 2;
    private const int PersonallyHashed = 3;
    private const int Salted = 4;
    private const int Erased = 5;
    private const int FirstPersonal = 6;
    private const int FirstId = 11;
    private const int FirstText = 14;
    private const int EventTyped = 16;
    private const int FirstTime = 21;
    private const int Detailed = 9;
    private const int IdLength = 36;

    private readonly AuditBytes _bytes = new();
    private readonly AuditBytes _stored = new();
    private readonly byte[] _computed = new byte[AuditHash.Length];
    private readonly byte[] _personalHash = new byte[AuditHash.Length];
    private DbDataReader _reader = null!;

    public long Sequence { get; private set; }

    public long Format { get; private set; }

    /// <summary>The row's own id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The entry that the row names as the record of its erasure.</summary>
    public Guid? ErasedBy { get; private set; }

    public bool IsErased { get; private set; }

    public ReadOnlySpan<byte> PersonalHash => _personalHash;

    /// <summary>The row's hash, once it has been recomputed.</summary>
    public ReadOnlySpan<byte> Hash => _computed;

    public string? EventType => _reader.IsDBNull(EventTyped) ? null : _reader.GetString(EventTyped);

    public string? Details => _reader.IsDBNull(Detailed) ? null : _reader.GetString(Detailed);

    /// <summary>Reads what does not need to be hashed.</summary>
    public void Read(DbDataReader reader)
    {
        _reader = reader;
        Sequence = dialect.ReadInteger(reader, Sequenced);
        Format = dialect.ReadInteger(reader, Formatted);
        IsErased = reader.IsDBNull(Salted);
        ErasedBy = reader.IsDBNull(Erased) ? null : dialect.ReadId(reader, Erased);
    }

    /// <summary>Whether the personal columns are those that were hashed, or all gone where the row is erased.</summary>
    public bool HasItsPersonalData()
    {
        if (!TryCopyHash(PersonallyHashed, _personalHash))
        {
            return false;
        }

        if (IsErased)
        {
            return Enumerable.Range(FirstPersonal, FirstId - FirstPersonal).All(_reader.IsDBNull);
        }

        _bytes.Clear();
        dialect.CopyBytes(_reader, Salted, _bytes);
        if (_bytes.Written.Length != AuditHash.SaltLength || ErasedBy is not null)
        {
            return false;
        }

        CopyTexts(FirstPersonal, FirstId);
        _bytes.HashTo(_computed);
        return PersonalHash.SequenceEqual(_computed);
    }

    /// <summary>Recomputes the hash from the stored columns, behind the given one, and compares it with the stored one.</summary>
    public bool Follows(ReadOnlySpan<byte> previousHash)
    {
        _bytes.Clear();
        _bytes.Raw(previousHash);
        _bytes.Raw([(byte)AuditHash.Format]);
        _bytes.Number(Sequence);
        dialect.CopyId(_reader, FirstId, _bytes);
        Id = Utf8Parser.TryParse(_bytes.Written[^IdLength..], out Guid id, out _) ? id : throw new FormatException();
        dialect.CopyId(_reader, FirstId + 1, _bytes);
        dialect.CopyId(_reader, FirstId + 2, _bytes);
        CopyTexts(FirstText, FirstTime);
        _bytes.Number(dialect.ReadMicroseconds(_reader, FirstTime));
        _bytes.Number(dialect.ReadMicroseconds(_reader, FirstTime + 1));
        _bytes.Bytes(_personalHash);
        _bytes.HashTo(_computed);
        _stored.Clear();
        dialect.CopyBytes(_reader, Hashed, _stored);
        return Hash.SequenceEqual(_stored.Written);
    }

    private void CopyTexts(int from, int to)
    {
        for (var ordinal = from; ordinal < to; ordinal++)
        {
            dialect.CopyText(_reader, ordinal, _bytes);
        }
    }

    private bool TryCopyHash(int ordinal, byte[] hash)
    {
        _stored.Clear();
        dialect.CopyBytes(_reader, ordinal, _stored);
        return _stored.Written.Length == hash.Length && _stored.Written.TryCopyTo(hash);
    }
}
