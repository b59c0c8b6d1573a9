using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class IncidentEmbeddingTests(TestDatabases databases) : IncidentTests(databases)
{
    private static readonly float[] North = [0, 2, 0];
    private static readonly float[] East = [1, 0, 0];
    private static readonly float[] NorthEast = [3, 3, 0];

    public static TheoryData<float[]> Unusable =>
    [
        Array.Empty<float>(), new float[] { 0, 0 }, new float[] { 1, float.NaN }, new float[] { float.PositiveInfinity }, new float[8_193],
    ];

    [Fact]
    public async Task The_nearest_vector_comes_first_and_the_answer_says_so()
    {
        await using var own = await OwnAsync();
        await own.RecordAsync(("east", East), ("north", North), ("both", NorthEast), ("none", null), ("other model", [1, 0]));

        var found = await own.Incidents.FindSimilarAsync("south", 2, new float[] { 0, 0.1f, 0 }, Cancellation);
        var all = await own.Incidents.FindSimilarAsync("", 100, new float[] { 0, -1e30f, 0 }, Cancellation);

        Assert.Equal((IncidentRanking.Vector, null), (found.Ranking, found.EmbeddingFailure));
        Assert.Equal(["north 1", "both 0.7071"], Show(found));
        Assert.Equal(["east 0", "both -0.7071", "north -1"], Show(all));
        Assert.All(all.Matches, m => Assert.True(m.Incident.HasEmbedding));
    }

    [Fact]
    public async Task Of_equal_vectors_the_one_recorded_last_comes_first()
    {
        await using var own = await OwnAsync();
        await own.RecordAsync([.. Enumerable.Range(0, 9).Select(i => ($"{i}", (float[]?)(i == 4 ? North : East)))]);

        var found = await own.Incidents.FindSimilarAsync("x", 4, East, Cancellation);

        Assert.Equal(["8 1", "7 1", "6 1", "5 1"], Show(found));
    }

    [Fact]
    public async Task Without_a_comparable_vector_full_text_answers_and_says_so()
    {
        await using var own = await OwnAsync();
        await own.RecordAsync(("disk full", null), ("network down", [1, 2]));

        var found = await own.Incidents.FindSimilarAsync("disk", 5, East, Cancellation);

        Assert.Equal(IncidentRanking.FullText, found.Ranking);
        Assert.Equal("disk full", Assert.Single(found.Matches).Incident.SignalCluster);
    }

    [Fact]
    public async Task The_configured_function_makes_the_vectors()
    {
        var asked = new List<string>();
        await using var own = await OwnAsync(options => options.Incidents.Embedding = (text, _) =>
        {
            asked.Add(text);
            return Task.FromResult<ReadOnlyMemory<float>>(text.Contains("disk", StringComparison.Ordinal) ? East : North);
        });
        await own.RecordAsync(("disk full", null), ("network down", null), ("given", NorthEast));

        var found = await own.Incidents.FindSimilarAsync("which disk?", 1, cancellationToken: Cancellation);
        var given = await own.Incidents.FindSimilarAsync("which disk?", 1, North, Cancellation);

        Assert.Equal(["disk full 1"], Show(found));
        Assert.Equal(["network down 1"], Show(given));
        Assert.Equal(["disk full", "network down", "which disk?"], asked);
    }

    [Fact]
    public async Task A_function_that_fails_costs_neither_the_incident_nor_the_answer_and_is_told()
    {
        var failure = new HttpRequestException("the model is away");
        await using var own = await OwnAsync(
            options => options.Incidents.Embedding = (_, _) => Task.FromException<ReadOnlyMemory<float>>(failure));

        var receipt = await own.Incidents.RecordAsync(Seen("disk full"), Cancellation);
        var found = await own.Incidents.FindSimilarAsync("disk", cancellationToken: Cancellation);

        Assert.Same(failure, receipt.EmbeddingFailure);
        Assert.False((await own.Incidents.FindAsync(receipt.Id, Cancellation))!.HasEmbedding);
        Assert.Equal(IncidentRanking.FullText, found.Ranking);
        Assert.Same(failure, found.EmbeddingFailure);
        Assert.Equal(receipt.Id, Assert.Single(found.Matches).Incident.Id);
    }

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task A_vector_without_direction_is_refused_or_told_where_the_function_made_it(float[] vector)
    {
        await using var own = await OwnAsync(options => options.Incidents.Embedding = (_, _) => Task.FromResult<ReadOnlyMemory<float>>(vector));

        var recorded = await Assert.ThrowsAsync<ArgumentException>(
            () => own.Incidents.RecordAsync(Seen("x") with { Embedding = vector }, Cancellation));
        var searched = await Assert.ThrowsAsync<ArgumentException>(() => own.Incidents.FindSimilarAsync("x", 5, vector, Cancellation));
        var receipt = await own.Incidents.RecordAsync(Seen("x"), Cancellation);

        Assert.Equal((nameof(NewIncident.Embedding), "embedding"), (recorded.ParamName, searched.ParamName));
        Assert.IsType<ArgumentException>(receipt.EmbeddingFailure);
        Assert.Equal(1, await own.Database.CountAsync("agent_incidents"));
    }

    [Fact]
    public async Task The_caller_may_cancel_the_function()
    {
        using var source = new CancellationTokenSource();
        await using var own = await OwnAsync(options => options.Incidents.Embedding = async (_, token) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return default;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => own.Incidents.RecordAsync(Seen("x"), source.Token));

        Assert.Equal(0, await own.Database.CountAsync("agent_incidents"));
    }

    [Fact]
    public async Task A_scan_is_bounded_and_begins_with_the_last()
    {
        await using var own = await OwnAsync(options => options.Incidents.MaxScannedEmbeddings = 3);
        await own.RecordAsync(("best", East), ("1", NorthEast), ("none", null), ("2", North), ("3", North));

        var found = await own.Incidents.FindSimilarAsync("x", 5, East, Cancellation);

        Assert.Equal(["1 0.7071", "3 0", "2 0"], Show(found));
    }

    [Fact]
    public async Task A_vector_may_be_changed_once_the_call_has_started()
    {
        await using var own = await OwnAsync();
        float[] vector = [1, 0, 0];

        var recording = own.Incidents.RecordAsync(Seen("east") with { Embedding = vector }, Cancellation);
        (vector[0], vector[1]) = (0, 1);
        await recording;

        Assert.Equal(["east 1"], Show(await own.Incidents.FindSimilarAsync("x", 5, East, Cancellation)));
    }

    [Fact]
    public async Task Long_vectors_are_compared_exactly()
    {
        await using var own = await OwnAsync();
        var random = new Random(7);
        float[] Make() => [.. Enumerable.Range(0, 1_537).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        var vectors = Enumerable.Range(0, 40).Select(_ => Make()).ToList();
        await own.RecordAsync([.. vectors.Select((v, i) => ($"{i}", (float[]?)v))]);
        var asked = Make();
        double Cosine(float[] other) => asked.Zip(other).Sum(p => (double)p.First * p.Second)
            / Math.Sqrt(asked.Sum(a => (double)a * a)) / Math.Sqrt(other.Sum(a => (double)a * a));

        var found = await own.Incidents.FindSimilarAsync("x", 40, asked, Cancellation);

        var expected = vectors.Select((v, i) => (Name: $"{i}", Cosine: Cosine(v))).OrderByDescending(v => v.Cosine).ToList();
        Assert.Equal(expected.Select(e => e.Name), found.Matches.Select(m => m.Incident.SignalCluster));
        Assert.All(expected.Zip(found.Matches), pair => Assert.Equal(pair.First.Cosine, pair.Second.Score, 1e-5));
    }

    private static IEnumerable<string> Show(SimilarIncidents found) =>
        found.Matches.Select(m => FormattableString.Invariant($"{m.Incident.SignalCluster} {Math.Round(m.Score, 4) + 0.0}"));

    private async Task<Own> OwnAsync(Action<AgentPersistenceOptions>? configure = null)
    {
        var database = await Databases.CreateAsync();
        return new Own(database, new Agent(database, configure: configure));
    }

    /// <summary>A database of the test's own, because a search looks at the whole table.</summary>
    private sealed class Own(TestDatabase database, Agent agent) : IAsyncDisposable
    {
        public TestDatabase Database => database;

        public IIncidentMemory Incidents => agent.Incidents;

        public async Task RecordAsync(params (string Signal, float[]? Vector)[] incidents)
        {
            foreach (var (signal, vector) in incidents)
            {
                await Incidents.RecordAsync(Seen(signal) with { Embedding = vector is null ? null : (ReadOnlyMemory<float>?)vector }, Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await agent.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
