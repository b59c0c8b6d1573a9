using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>A request whose members have been checked, with the token that its claim would bear.</summary>
internal sealed record IdempotencyCall
{
    public required string Key { get; init; }

    public required string Scope { get; init; }

    public required string? UserId { get; init; }

    public required string? Fingerprint { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    public required TimeSpan Lease { get; init; }

    public required CrashPolicy OnCrash { get; init; }

    public required TimeSpan WaitForOther { get; init; }

    public required Guid Token { get; init; }

    public long Lock => LockOf(Scope, Key);

    /// <summary>A number for the key; two keys share one too rarely to matter, and then only wait for each other.</summary>
    public static long LockOf(string scope, string key) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"agent_idempotency_cache\0{scope}\0{key}")));

    public static IdempotencyCall Check(IdempotencyRequest request, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(request);
        var defaults = executor.Options.Idempotency;
        return new()
        {
            Key = Input.Key(request.Key, nameof(request.Key)),
            Scope = Input.Scope(request.Scope, nameof(request.Scope)),
            UserId = Input.OptionalKey(request.UserId, nameof(request.UserId)),
            Fingerprint = Input.OptionalKey(request.Fingerprint, nameof(request.Fingerprint)),
            TimeToLive = Input.Duration(request.TimeToLive, Input.MaxTimeToLive, nameof(request.TimeToLive)) ?? defaults.TimeToLive,
            Lease = Input.Duration(request.Lease, Input.MaxLease, nameof(request.Lease)) ?? defaults.Lease,
            OnCrash = Input.Defined(request.OnCrash, nameof(request.OnCrash)),
            WaitForOther = Input.Wait(request.WaitForOther, Input.MaxWait, nameof(request.WaitForOther)) ?? TimeSpan.Zero,
            Token = executor.Ids.Next(),
        };
    }

    /// <summary>A statement that claims the key.</summary>
    public StoreCommand Claim(UnitOfWork unit, SqlStatement statement) =>
        unit.Command(statement)
            .Text("scope", Scope).Text("key", Key).Text("user_id", UserId).Text("fingerprint", Fingerprint)
            .Id("token", Token).Text("on_crash", EnumText<CrashPolicy>.From(OnCrash))
            .Number("lease", Lease.Ticks / TimeSpan.TicksPerMicrosecond).Number("time_to_live", TimeToLive.Ticks / TimeSpan.TicksPerMicrosecond)
            .Number("lock", Lock);

    /// <summary>The answer where somebody's open transaction holds the key, so that nothing can be read about it.</summary>
    public IdempotencyClaim Blocked() => new() { Key = Key, Scope = Scope, Disposition = IdempotencyDisposition.InFlight };
}
