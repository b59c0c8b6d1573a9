using AgentPersistence.Internal;

namespace AgentPersistence.Tests.Internal;

public class InputTests
{
    public static TheoryData<string> GoodKeys => ["a", "run-1", " padded ", "Ключ", "\U0001F600", "\uFFFD", new string('k', 255)];

    public static TheoryData<string?> BadKeys =>
        [
            (string?)null, "", " ", "\u2003", "a\0b", "a\nb", "\u007F", "a\u0085",
            "\uD800", "a\uDC00", "\uD800a", "\uDC00\uD800", new string('k', 256),
        ];

    [Theory]
    [MemberData(nameof(GoodKeys))]
    public void A_good_key_passes_as_it_is(string key)
    {
        Assert.Same(key, Input.Key(key, "RunId"));
        Assert.Same(key, Input.OptionalKey(key, "RunId"));
        Assert.Same(key, Input.Scope(key, "Scope"));
    }

    [Theory]
    // Lone surrogates do not survive a runner that writes test cases down.
    [MemberData(nameof(BadKeys), DisableDiscoveryEnumeration = true)]
    public void A_bad_key_is_refused_by_name_and_never_quoted(string? key)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(() => Input.Key(key, "RunId"));

        Assert.Equal("RunId", refusal.ParamName);
        if (key?.Length > 1)
            Assert.DoesNotContain(key, refusal.Message, StringComparison.Ordinal);
        if (key?.Length > 255)
            Assert.Contains("255", refusal.Message, StringComparison.Ordinal);
        if (key is not null)
            Assert.ThrowsAny<ArgumentException>(() => Input.OptionalKey(key, "RunId"));
    }

    [Fact]
    public void An_optional_key_may_be_absent_and_a_scope_empty()
    {
        Assert.Null(Input.OptionalKey(null, "UserId"));
        Assert.Equal("", Input.Scope("", "Scope"));
        Assert.ThrowsAny<ArgumentException>(() => Input.Scope(null, "Scope"));
        Assert.ThrowsAny<ArgumentException>(() => Input.Scope(" ", "Scope"));
    }

    [Fact]
    public void Text_that_no_database_stores_is_replaced()
    {
        // In an attribute the compiler would replace them itself.
        (string Text, string Stored)[] cases =
        [
            ("a\0b", "a\uFFFDb"),
            ("\uD800", "\uFFFD"),
            ("\uDC00x\uD800", "\uFFFDx\uFFFD"),
            ("\uD83D\uDE00\uD800\uD83D\uDE00\0", "\uD83D\uDE00\uFFFD\uD83D\uDE00\uFFFD"),
            ("\uD800\uD83D\uDE00", "\uFFFD\uD83D\uDE00"),
        ];
        foreach (var (text, stored) in cases)
            Assert.Equal(stored, Input.Text(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tab\tand\r\nlines\u0001")]
    [InlineData("x\uD83D\uDE00")]
    public void Clean_text_is_not_copied(string? text) => Assert.Same(text, Input.Text(text));

    [Fact]
    public void A_name_is_bounded_and_otherwise_text()
    {
        Assert.Equal("a\uFFFD\n", Input.Name("a\0\n", "Intent"));
        Assert.Equal("", Input.Name("", "Intent"));
        Assert.Null(Input.Name(null, "Intent"));
        Assert.Equal(255, Input.Name(new string('n', 255), "Intent")!.Length);
        Assert.Equal("Intent", Assert.Throws<ArgumentException>(() => Input.Name(new string('n', 256), "Intent")).ParamName);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(10_000, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(10_001, false)]
    public void A_page_holds_from_one_to_the_most(int limit, bool allowed)
    {
        if (allowed)
        {
            Assert.Equal(limit, Input.Limit(limit, Input.MaxPageSize, "Limit"));
            return;
        }
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Input.Limit(limit, Input.MaxPageSize, "Limit"));
        Assert.Equal("Limit", refusal.ParamName);
        Assert.Contains("10000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_of_time_is_positive_and_bounded()
    {
        Assert.Equal(Input.MinTimeSpan, Input.Duration(Input.MinTimeSpan, Input.MaxLease, "Lease"));
        Assert.Equal(Input.MaxLease, Input.Duration(Input.MaxLease, Input.MaxLease, "Lease"));
        Assert.Null(Input.Duration(null, Input.MaxLease, "Lease"));
        foreach (var bad in new[] { TimeSpan.Zero, TimeSpan.FromTicks(9_999), TimeSpan.MinValue, Input.MaxLease + TimeSpan.FromTicks(1) })
            Assert.Equal("Lease", Assert.Throws<ArgumentOutOfRangeException>(() => Input.Duration(bad, Input.MaxLease, "Lease")).ParamName);
    }

    [Fact]
    public void Waiting_may_be_for_no_time_at_all()
    {
        Assert.Null(Input.Wait(null, Input.MaxWait, "WaitForOther"));
        Assert.Equal(TimeSpan.Zero, Input.Wait(TimeSpan.Zero, Input.MaxWait, "WaitForOther"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Input.Wait(TimeSpan.FromTicks(-1), Input.MaxWait, "WaitForOther"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Input.Wait(TimeSpan.MaxValue, Input.MaxWait, "WaitForOther"));
    }

    [Fact]
    public void Counts_and_enumerations_are_checked()
    {
        Assert.Equal(0, Input.NotNegative(0L, "Total"));
        Assert.Null(Input.NotNegative(null, "Total"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Input.NotNegative(-1L, "Total"));
        Assert.Equal(DayOfWeek.Friday, Input.Defined(DayOfWeek.Friday, "Day"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Input.Defined((DayOfWeek)7, "Day"));
    }

    [Fact]
    public void Time_is_utc_and_cut_to_microseconds()
    {
        var local = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(5)).AddTicks(1_234_567);

        var time = Input.Time(local);

        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.Equal(local.UtcTicks - 7, time.UtcTicks);
        Assert.Null(Input.Time(null));
        Assert.Equal(DateTimeOffset.MaxValue.UtcTicks - 9, Input.Time(DateTimeOffset.MaxValue).UtcTicks);
    }
}
