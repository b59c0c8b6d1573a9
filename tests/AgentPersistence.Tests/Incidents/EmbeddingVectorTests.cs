using AgentPersistence.Incidents.Storage;

namespace AgentPersistence.Tests.Incidents;

public sealed class EmbeddingVectorTests
{
    [Fact]
    public void Only_the_direction_is_kept_however_large_or_small_the_numbers()
    {
        foreach (var scale in new[] { 1f, 1e-30f, 1e30f, float.MaxValue / 4 })
        {
            var stored = EmbeddingVector.From([3 * scale, -4 * scale], "v");

            Assert.Equal(0.6f, BitConverter.ToSingle(stored, 0), 1e-6f);
            Assert.Equal(-0.8f, BitConverter.ToSingle(stored, 4), 1e-6f);
        }
    }

    [Fact]
    public void The_cosine_is_that_of_the_directions()
    {
        foreach (var length in new[] { 1, 2, 7, 8, 9, 64, 1_536, 8_192 })
        {
            var random = new Random(length);
            float[] Make() => [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f)];
            var (a, b) = (Make(), Make());
            var exact = a.Zip(b).Sum(p => (double)p.First * p.Second)
                / Math.Sqrt(a.Sum(x => (double)x * x)) / Math.Sqrt(b.Sum(x => (double)x * x));

            Assert.Equal(exact, EmbeddingVector.Cosine(EmbeddingVector.From(a, "a"), EmbeddingVector.From(b, "b")), 1e-5);
            Assert.Equal(1, EmbeddingVector.Cosine(EmbeddingVector.From(a, "a"), EmbeddingVector.From(a, "a")), 1e-6);
        }
    }
}
