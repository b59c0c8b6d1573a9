using System.Numerics;

namespace AgentPersistence.Benchmarks.Harness;

/// <summary>Counts durations in buckets no wider than 1/128 of what they hold, so that counting allocates nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int Steps = 1 << Bits;

    private readonly int[] _counts = new int[(64 - Bits + 1) * Steps];

    public void Add(long ticks) => Interlocked.Increment(ref _counts[Bucket(Math.Max(ticks, 0))]);

    /// <summary>The duration that so much of all of them is not above.</summary>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(_counts.Sum(c => (long)c) * share);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0 && _counts[bucket] > 0)
            {
                return Middle(bucket);
            }
        }

        return double.NaN;
    }

    private static int Bucket(long ticks)
    {
        var shift = Math.Max(BitOperations.Log2((ulong)ticks | 1) - Bits, 0);
        return (shift * Steps) + (int)(ticks >> shift);
    }

    private static double Middle(int bucket)
    {
        var shift = Math.Max((bucket / Steps) - 1, 0);
        return ((bucket - (shift * Steps)) + 0.5) * Math.Pow(2, shift);
    }
}
