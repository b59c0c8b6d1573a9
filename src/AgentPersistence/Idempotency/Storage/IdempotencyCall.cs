using System.Text.Json;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Idempotency.Storage;

/// <summary>A request whose members have been checked, with the token that its claim would bear.</summary>
internal sealed record IdempotencyCall
{
    private Guid? _token;

    public required string Key { get; init; }

    public required string Scope { get; init; }

    public required string? UserId { get; init; }

    public required string? Fingerprint { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    public required TimeSpan Lease { get; init; }

    /// <summary>In microseconds.</summary>
    public long StoredLease => Lease.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>In microseconds.</summary>
    public long StoredTimeToLive => TimeToLive.Ticks / TimeSpan.TicksPerMicrosecond;

    public required CrashPolicy OnCrash { get; init; }

    public required TimeSpan WaitForOther { get; init; }

    /// <summary>What fences the claim, if there is one: it is random, and an answer that needs none goes without.</summary>
    public Guid Token => _token ??= Ids.Next();

    public required UuidV7 Ids { private get; init; }

    /// <summary>What a transaction that claims the key is about, for those who have to wait for it.</summary>
    public static string About(string scope, string key) => $"{scope}\n{key}";

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
            Lease = WholeMicroseconds(Input.Duration(request.Lease, Input.MaxLease, nameof(request.Lease)) ?? defaults.Lease),
            OnCrash = Input.Defined(request.OnCrash, nameof(request.OnCrash)),
            WaitForOther = Input.Wait(request.WaitForOther, Input.MaxWait, nameof(request.WaitForOther)) ?? TimeSpan.Zero,
            Ids = executor.Ids,
        };
    }

    /// <summary>As the databases keep it.</summary>
    private static TimeSpan WholeMicroseconds(TimeSpan time) => new(time.Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond);

    /// <summary>A statement that claims the key.</summary>
    public StoreCommand Claim(UnitOfWork unit, SqlStatement statement) =>
        unit.Command(statement)
            .Text("scope", Scope).Text("key", Key).Text("user_id", UserId).Text("fingerprint", Fingerprint)
            .Id("token", Token).Text("on_crash", EnumText<CrashPolicy>.From(OnCrash))
            .Number("lease", StoredLease).Number("time_to_live", StoredTimeToLive);

    /// <summary>The answer where a result is stored.</summary>
    public IdempotencyClaim Replay(long epoch, JsonElement? result) =>
        new() { Key = Key, Scope = Scope, Disposition = IdempotencyDisposition.Replay, Epoch = epoch, Result = result };

    /// <summary>The answer where the key was new.</summary>
    public IdempotencyClaim Acquired() =>
        new() { Key = Key, Scope = Scope, Disposition = IdempotencyDisposition.Acquired, Epoch = 1, Token = Token, Lease = Lease };

    /// <summary>The answer where somebody's open transaction holds the key, so that nothing can be read about it.</summary>
    public IdempotencyClaim Blocked() => new() { Key = Key, Scope = Scope, Disposition = IdempotencyDisposition.InFlight };
}
