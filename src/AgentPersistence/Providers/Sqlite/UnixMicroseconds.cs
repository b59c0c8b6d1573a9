using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>Times as integer microseconds since 1970-01-01 UTC.</summary>
internal static class UnixMicroseconds
{
    public static long From(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToTime(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}

internal sealed class UnixMicrosecondsConverter()
    : ValueConverter<DateTimeOffset, long>(time => UnixMicroseconds.From(time), microseconds => UnixMicroseconds.ToTime(microseconds));
