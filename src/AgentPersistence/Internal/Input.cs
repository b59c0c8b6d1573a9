using System.Diagnostics.CodeAnalysis;

namespace AgentPersistence.Internal;

/// <summary>
/// What callers may pass. Everything is checked before anything is written; <see cref="ArgumentException.ParamName"/> is the
/// argument's name or, for a member of a record, that member's name. Messages state the limit and never the value.
/// </summary>
internal static partial class Input
{
    public const int MaxKeyLength = 255;
    public const int MaxPageSize = 10_000;
    public const long MaxCount = 1_000_000_000_000;

    public static readonly TimeSpan MinTimeSpan = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(36_500);
    public static readonly TimeSpan MaxLease = TimeSpan.FromDays(7);
    public static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    /// <summary>An id or key that must be there.</summary>
    public static string Key([NotNull] string? value, string argument)
    {
        if (value is null)
            throw new ArgumentNullException(argument, "An id or key is required.");
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException("An id or key must not be blank.", argument);
        CheckKeyCharacters(value, argument);
        return value;
    }

    /// <summary>An id or key that may be absent (null), but not blank.</summary>
    public static string? OptionalKey(string? value, string argument) => value is null ? null : Key(value, argument);

    /// <summary>An id that the caller may have made; null where the store makes it.</summary>
    public static Guid? Id(Guid? value, string argument) => value == Guid.Empty
        ? throw new ArgumentException("An id must not be empty: make one, or leave it to the store.", argument)
        : value;

    /// <summary>A scope: a key that may be empty.</summary>
    public static string Scope([NotNull] string? value, string argument) => value is "" ? value : Key(value, argument);

    /// <summary>A name that is filtered on (intent, action, outcome): bounded, otherwise cleaned like free text.</summary>
    public static string? Name(string? value, string argument)
    {
        if (value?.Length > MaxKeyLength)
            throw new ArgumentException($"A name must not exceed {MaxKeyLength} characters.", argument);
        return Text(value);
    }

    /// <summary>Free text, with what PostgreSQL cannot store (U+0000, lone surrogates) replaced by U+FFFD.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Text(string? value)
    {
        if (value is null || IsStorable(value))
            return value;
        return string.Create(value.Length, value, static (clean, text) =>
        {
            text.CopyTo(clean);
            for (var i = 0; i < clean.Length; i++)
            {
                if (i + 1 < clean.Length && char.IsSurrogatePair(clean[i], clean[i + 1]))
                    i++;
                else if (clean[i] == '\0' || char.IsSurrogate(clean[i]))
                    clean[i] = '\uFFFD';
            }
        });
    }

    /// <summary>Free text that must be there; it may be empty.</summary>
    public static string RequiredText(string? value, string argument) =>
        Text(value) ?? throw new ArgumentNullException(argument, "A text is required; it may be empty.");

    /// <summary>How many records a page may hold.</summary>
    public static int Limit(int value, int max, string argument)
    {
        if (value < 1 || value > max)
            throw new ArgumentOutOfRangeException(argument, $"A limit must be between 1 and {max}.");
        return value;
    }

    /// <summary>A count, a version or a sequence: zero or more.</summary>
    public static long NotNegative(long value, string argument)
    {
        if (value < 0)
            throw new ArgumentOutOfRangeException(argument, "The value must not be negative.");
        return value;
    }

    public static long? NotNegative(long? value, string argument) => value is { } given ? NotNegative(given, argument) : null;

    /// <summary>A count that goes on from there: bounded, so that counting on never overflows.</summary>
    public static long? Count(long? value, string argument)
    {
        if (value is < 0 or > MaxCount)
            throw new ArgumentOutOfRangeException(argument, $"A count must be between 0 and {MaxCount}.");
        return value;
    }

    /// <summary>A length of time of at least a millisecond: shorter ones would round to nothing in the database.</summary>
    public static TimeSpan Duration(TimeSpan value, TimeSpan max, string argument)
    {
        if (value < MinTimeSpan || value > max)
            throw new ArgumentOutOfRangeException(argument, $"The length of time must be between 1 millisecond and {max}.");
        return value;
    }

    public static TimeSpan? Duration(TimeSpan? value, TimeSpan max, string argument) =>
        value is { } given ? Duration(given, max, argument) : null;

    /// <summary>A time to wait: zero does not wait.</summary>
    public static TimeSpan? Wait(TimeSpan? value, TimeSpan max, string argument)
    {
        if (value < TimeSpan.Zero || value > max)
            throw new ArgumentOutOfRangeException(argument, $"The time to wait must be between zero and {max}.");
        return value;
    }

    /// <summary>A defined member of an enumeration.</summary>
    public static T Defined<T>(T value, string argument)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(argument, $"The value is not one of {string.Join(", ", Enum.GetNames<T>())}.");
        return value;
    }

    /// <summary>UTC, cut to the microseconds that both databases keep.</summary>
    public static DateTimeOffset Time(DateTimeOffset value)
    {
        var ticks = value.UtcTicks;
        return new DateTimeOffset(ticks - ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    public static DateTimeOffset? Time(DateTimeOffset? value) => value is { } given ? Time(given) : null;

    private static void CheckKeyCharacters(string value, string argument)
    {
        if (value.Length > MaxKeyLength)
            throw new ArgumentException($"An id or key must not exceed {MaxKeyLength} characters.", argument);
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
                throw new ArgumentException("An id or key must not hold control characters.", argument);
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[++i]))
                throw new ArgumentException("An id or key must be well-formed UTF-16, without lone surrogates.", argument);
        }
    }

    private static bool IsStorable(string value)
    {
        var text = value.AsSpan();
        if (text.Contains('\0'))
            return false;
        var first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (var i = first < 0 ? text.Length : first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i]))
                return false;
        }
        return true;
    }
}
