using AgentPersistence.Internal;

namespace AgentPersistence.Tests.Internal;

public class UuidV7Tests
{
    [Fact]
    public async Task Ids_rise_within_the_process_and_never_repeat()
    {
        const int threads = 8, each = 50_000;
        // Two makers share the process's clock.
        UuidV7[] makers = [new(TimeProvider.System), new(TimeProvider.System)];

        var made = await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var ids = new Guid[each];
                for (var i = 0; i < each; i++)
                    ids[i] = makers[(thread + i) % 2].Next();
                return ids;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        foreach (var ids in made)
        {
            for (var i = 1; i < ids.Length; i++)
                Assert.True(Compare(ids[i - 1], ids[i]) < 0 && ids[i - 1] < ids[i], $"{ids[i - 1]} is not below {ids[i]}");
        }
        // The first 60 bits after the version are unique by themselves; without them order would rest on chance.
        Assert.Equal(threads * each, made.SelectMany(ids => ids).Select(id => id.ToString()[..18]).Distinct().Count());
    }

    [Fact]
    public void An_id_holds_its_time_version_and_variant()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero).AddTicks(5_000);

        var id = new UuidV7(new FixedTime(time)).Next();

        var bytes = id.ToByteArray(bigEndian: true);
        var milliseconds = bytes[..6].Aggregate(0L, (sum, next) => (sum << 8) | next);
        Assert.Equal(time.ToUnixTimeMilliseconds(), milliseconds);
        Assert.Equal(7, id.Version);
        Assert.Equal(0b10, id.Variant >> 2);
        Assert.Equal(2_048, ((bytes[6] & 0xF) << 8) | bytes[7]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3_600)]
    public void Ids_rise_though_the_clock_does_not(int seconds)
    {
        var time = new FixedTime(DateTimeOffset.UnixEpoch.AddYears(56));
        var maker = new UuidV7(time);
        var last = maker.Next();
        time.Now = time.Now.AddSeconds(seconds);

        for (var i = 0; i < 10_000; i++)
        {
            var next = maker.Next();
            Assert.True(Compare(last, next) < 0);
            last = next;
        }
    }

    [Fact]
    public void A_test_clock_in_the_future_leaves_the_process_alone()
    {
        var future = new UuidV7(new FixedTime(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero))).Next();

        Assert.True(Compare(new UuidV7(TimeProvider.System).Next(), future) < 0);
    }

    [Fact]
    public void A_time_before_1970_is_taken_for_1970()
    {
        var id = new UuidV7(new FixedTime(DateTimeOffset.MinValue)).Next();

        Assert.StartsWith("00000000-0000-7", id.ToString(), StringComparison.Ordinal);
    }

    private static int Compare(Guid one, Guid other) =>
        one.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(other.ToByteArray(bigEndian: true));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
