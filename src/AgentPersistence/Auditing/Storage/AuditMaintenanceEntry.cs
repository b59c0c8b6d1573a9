using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// The entries that prune and erase log of themselves. Their ids are of version 8, which no caller can give to an entry, so an entry
/// that only looks like one proves nothing. They hold no personal data and name no user, session or run, so nothing erases them.
/// </summary>
internal static class AuditMaintenanceEntry
{
    public const string Prune = "audit.prune";
    public const string Erase = "audit.erase";

    private const int Version = 8;
    private const int VersionByte = 6;
    private const int VariantByte = 8;

    public static AuditStagedEntity Create(Guid id, string eventType, string writeKey, string details, StoreExecutor executor)
    {
        var now = executor.Dialect.Now;
        var salt = RandomNumberGenerator.GetBytes(AuditHash.SaltLength);
        return new AuditStagedEntity
        {
            Id = id,
            ActionId = id,
            EventType = eventType,
            EventDetails = details,
            Status = EnumText<AuditStatus>.From(AuditStatus.Success),
            IdempotencyKey = writeKey,
            OccurredAt = now,
            CreatedAt = now,
            Format = AuditHash.Format,
            Salt = salt,
            PersonalHash = AuditHash.OfPersonal(salt, null, null, null, details, null),
        };
    }

    public static bool IsId(Guid id) => id.Version == Version;

    /// <summary>An id that no caller can have.</summary>
    public static Guid NewId(StoreExecutor executor)
    {
        Span<byte> bytes = stackalloc byte[16];
        executor.Ids.Next().TryWriteBytes(bytes, bigEndian: true, out _);
        return Mark(bytes);
    }

    /// <summary>The id of the entry that records a prune through this row: found from the head, which names no entry.</summary>
    public static Guid PruneId(long sequence, ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + AuditHash.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        hash.CopyTo(bytes[sizeof(long)..]);
        Span<byte> id = stackalloc byte[AuditHash.Length];
        SHA256.HashData(bytes, id);
        return Mark(id[..16]);
    }

    private static Guid Mark(Span<byte> id)
    {
        id[VersionByte] = (byte)((id[VersionByte] & 0x0F) | (Version << 4));
        id[VariantByte] = (byte)((id[VariantByte] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}

/// <summary>What the entry of an erasure says of the rows that name it.</summary>
internal sealed record AuditErasureDetails(long Rows, string Sha256, string By)
{
    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static AuditErasureDetails? Parse(string? json) => AuditDetails.Parse<AuditErasureDetails>(json);
}

/// <summary>
/// What the entry of a prune says: through which row, how many went with it, and for each erasure that is recorded in what is left, how
/// many of its rows are gone by now and the digest over them.
/// </summary>
internal sealed record AuditPruneDetails(long Requested, long Through, string Hash, long Rows, IReadOnlyList<AuditPrunedErasure>? Erasures)
{
    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static AuditPruneDetails? Parse(string? json) => AuditDetails.Parse<AuditPruneDetails>(json);

    /// <summary>Reads what was recorded when the head was moved here; null if nothing was.</summary>
    public static async Task<AuditPruneDetails?> FindAsync(UnitOfWork unit, AuditHead head, CancellationToken cancellationToken)
    {
        var found = await unit.Command(unit.Dialect.FindAuditMaintenance)
            .Id("id", AuditMaintenanceEntry.PruneId(head.PrunedSequence, head.PrunedHash))
            .ReadFirstAsync(row => (Sequence: row.Number(0), EventType: row.TextOrNull(1), Details: row.TextOrNull(2)), cancellationToken)
            .ConfigureAwait(false);
        return found.EventType == AuditMaintenanceEntry.Prune && found.Sequence > head.PrunedSequence
            && Parse(found.Details) is { } details
            && details.Through == head.PrunedSequence && details.Hash == Convert.ToHexStringLower(head.PrunedHash)
            ? details
            : null;
    }
}

internal sealed record AuditPrunedErasure(Guid Entry, long Rows, string Sha256);

internal static class AuditDetails
{
    public static T? Parse<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
