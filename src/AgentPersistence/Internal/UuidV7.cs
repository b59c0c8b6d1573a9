using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentPersistence.Internal;

/// <summary>
/// Makes RFC 9562 version 7 ids, each greater than the one before, as bytes and as <see cref="Guid"/>: section 6.2, method 3
/// (<c>rand_a</c> is the time below the millisecond), stepped by one where the clock stands still or goes back. <c>rand_b</c> is
/// 62 random bits.
/// </summary>
internal sealed class UuidV7(TimeProvider time)
{
    private const int FractionBits = 12;
    private const ulong Version = 7UL << FractionBits;
    private const ulong Variant = 2UL << 62;
    private const ulong RandomMask = (1UL << 62) - 1;

    private static readonly Clock SystemClock = new();

    // A test's clock keeps its own state: one set in the future would otherwise stamp every later id of the process.
    private readonly Clock _clock = time == TimeProvider.System ? SystemClock : new Clock();

    public Guid Next()
    {
        var stamp = (ulong)_clock.Advance(Stamp(time.GetUtcNow()));
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        var high = (stamp >> FractionBits << 16) | Version | (stamp & ((1UL << FractionBits) - 1));
        var low = (BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & RandomMask) | Variant;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    private static long Stamp(DateTimeOffset now)
    {
        var ticks = Math.Max(0, now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
        var (milliseconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond);
        return (milliseconds << FractionBits) | ((rest << FractionBits) / TimeSpan.TicksPerMillisecond);
    }

    private sealed class Clock
    {
        private long _last;

        public long Advance(long now)
        {
            var last = Volatile.Read(ref _last);
            while (true)
            {
                var next = Math.Max(now, last + 1);
                var seen = Interlocked.CompareExchange(ref _last, next, last);
                if (seen == last)
                    return next;
                last = seen;
            }
        }
    }
}
