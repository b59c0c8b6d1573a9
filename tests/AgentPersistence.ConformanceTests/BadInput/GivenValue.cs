using System.Globalization;
using System.Text.Json;

namespace AgentPersistence.ConformanceTests.BadInput;

/// <summary>A value that some caller will pass one day, and what must become of it.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Given">What is passed.</param>
/// <param name="IsRefused">Whether it is refused; otherwise it is stored.</param>
/// <param name="Stored">What then comes back.</param>
internal sealed record GivenValue(string Name, object? Given, bool IsRefused, object? Stored)
{
    public static IEnumerable<GivenValue> For(PlaceKind kind) => kind switch
    {
        PlaceKind.Key => [.. GivenText.Keys, Refused("null", null)],
        PlaceKind.MadeKey => GivenText.Keys,
        PlaceKind.OptionalKey => [.. GivenText.Keys, Same("null", null)],
        PlaceKind.Lookup => [.. GivenText.Keys.Where(v => v.IsRefused || v.Name.StartsWith("255", StringComparison.Ordinal))],
        PlaceKind.Scope => [.. GivenText.Keys.Where(v => v.Name != "empty"), Refused("null", null), Same("empty", "")],
        PlaceKind.Name => [.. GivenText.Names, Same("null", null)],
        PlaceKind.Text => [.. GivenText.Texts, Same("null", null)],
        PlaceKind.RequiredText => [.. GivenText.Texts, Refused("null", null)],
        PlaceKind.Json => GivenJson.All,
        PlaceKind.OptionalJson => [.. GivenJson.All, Same("none", null)],
        PlaceKind.CanonicalJson => GivenJson.Canonical,
        PlaceKind.Time => [.. Times, Same("null", null)],
        PlaceKind.TimeOrNow => Times,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static IEnumerable<GivenValue> Times =>
    [
        Time("earliest", DateTimeOffset.MinValue),
        Time("latest", DateTimeOffset.MaxValue),
        Time("before 1970", new DateTimeOffset(1969, 12, 31, 23, 59, 59, 999, 999, TimeSpan.Zero)),
        Time("before 1970, below a microsecond", DateTimeOffset.UnixEpoch.AddTicks(-1)),
        Time("before 2000, below a microsecond", new DateTimeOffset(1999, 12, 31, 0, 0, 0, TimeSpan.Zero).AddTicks(3)),
        Time("below a microsecond", new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(9)),
        Time("east of Greenwich", new DateTimeOffset(2026, 1, 1, 0, 30, 0, TimeSpan.FromHours(14))),
        Time("west of Greenwich", new DateTimeOffset(2026, 1, 1, 23, 30, 0, TimeSpan.FromHours(-9.5))),
        Time("a leap day", new DateTimeOffset(2028, 2, 29, 23, 59, 59, TimeSpan.Zero)),
        Time("1 BC by the Julian calendar", new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero)),
    ];

    public static GivenValue Refused(string name, object? given) => new(name, given, true, null);

    public static GivenValue Same(string name, object? given) => new(name, given, false, given);

    public static GivenValue As(string name, object? given, object? stored) => new(name, given, false, stored);

    /// <summary>A value as text that differs whenever the values do.</summary>
    public static string? Show(object? value) => value switch
    {
        null => null,
        JsonElement json => json.GetRawText(),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    // In UTC, cut to the microsecond.
    private static GivenValue Time(string name, DateTimeOffset time) =>
        As(name, time, new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero));
}
