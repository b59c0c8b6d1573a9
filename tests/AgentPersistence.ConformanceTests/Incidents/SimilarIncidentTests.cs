using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;
using AgentPersistence.TestHost.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class SimilarIncidentTests(TestDatabases databases) : IncidentTests(databases), IAsyncLifetime
{
    private TestDatabase _database = null!;
    private Agent _agent = null!;

    private IIncidentMemory Memory => _agent.Incidents;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _database = await Databases.CreateAsync();
        _agent = new Agent(_database);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _database.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Incidents_of_the_same_kind_come_first_where_a_substring_finds_none()
    {
        var lines = IncidentLines.Make(perKind: 20);
        var ids = await RecordAsync(Memory, lines.Select(l => l.Line));
        var (ranked, substring) = (0, 0);
        foreach (var (line, own) in lines.Zip(ids))
        {
            var found = await Memory.FindSimilarAsync(line.Line, 6, cancellationToken: Cancellation);
            ranked += found.Matches.Where(m => m.Incident.Id != own).Take(5)
                .Count(m => lines[ids.IndexOf(m.Incident.Id)].Kind == line.Kind);
            substring += lines.Count(l => l != line && l.Kind == line.Kind && l.Line.Contains(line.Line, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal(0, substring);
        Assert.InRange(ranked / (5.0 * lines.Count), 0.99, 1);
    }

    [Theory]
    [InlineData("PAYMENT_CALLBACK_INVALID")]
    [InlineData("payment callback invalid")]
    [InlineData("why is PaymentCallbackInvalid?")]
    [InlineData("callback of a payment")]
    [InlineData("/hooks/pay")]
    public async Task An_identifier_is_found_by_itself_and_by_its_words(string signal)
    {
        await RecordAsync(
            Memory, "Error: PAYMENT_CALLBACK_INVALID at /hooks/pay/77", "Error: CARD_DECLINED", "node-3 is 97% full", "KubePodNotReady on node-3");

        Assert.Equal("Error: PAYMENT_CALLBACK_INVALID at /hooks/pay/77", (await SimilarAsync(Memory, signal))[0]);
    }

    [Theory]
    [InlineData("pod is not ready", "KubePodNotReady: checkout-7d9")]
    [InlineData("KUBEPODNOTREADY", "KubePodNotReady: checkout-7d9")]
    [InlineData("Überlauf der Warteschlange", "überlauf in queue 7")]
    [InlineData("очередь", "Очередь переполнена")]
    [InlineData("503", "upstream answered 503")]
    [InlineData("exit code 137", "container ended, exit code 137")]
    [InlineData("parcel_77120345598", "Parcel held: parcel_77120345598 at dock /192.0.2.17")]
    [InlineData("e\u0301clair", "E\u0301CLAIR")]
    public async Task Words_are_compared_without_case_and_values_whole(string signal, string found)
    {
        await RecordAsync(
            Memory, found, "container ended, exit code 1", "upstream answered 502", "something else", "Parcel held: parcel_77120345599 at dock /192.0.2.18");

        Assert.Equal(found, (await SimilarAsync(Memory, signal))[0]);
    }

    [Theory]
    [InlineData("' & | ! <-> : * ( ) \\ '")]
    [InlineData("\" AND OR NOT NEAR( ) ^ * - +")]
    [InlineData("'); DROP TABLE agent_incidents; --")]
    [InlineData("search_terms : payment*")]
    [InlineData("NOT payment")]
    [InlineData("payment AND nothing")]
    [InlineData("\"payment")]
    [InlineData("'payment")]
    [InlineData("payment:*")]
    [InlineData("NEAR(payment callback, 2)")]
    [InlineData("{payment} callback ^ $1 @match %_ \\")]
    [InlineData("\0\uD83D payment \uFFFF")]
    public async Task What_a_signal_says_is_never_query_syntax(string signal)
    {
        await RecordAsync(Memory, "payment callback", "another thing");

        var found = await SimilarAsync(Memory, signal);

        Assert.Equal(signal.Contains("payment", StringComparison.Ordinal) ? ["payment callback"] : [], found);
        Assert.Equal(2, await _database.CountAsync("agent_incidents"));
    }

    [Fact]
    public async Task Without_a_word_in_common_nothing_resembles()
    {
        Assert.Empty(await SimilarAsync(Memory, "payment"));
        await RecordAsync(Memory, "payment callback", "");

        Assert.Empty(await SimilarAsync(Memory, ""));
        Assert.Empty(await SimilarAsync(Memory, " \t!?"));
        Assert.Empty(await SimilarAsync(Memory, "disk"));
    }

    [Fact]
    public async Task Rare_words_count_more_than_common_ones_and_words_more_than_values()
    {
        await RecordAsync(Memory, [.. Enumerable.Range(0, 20).Select(i => $"error in service {i}"), "error in parser 900", "warning in scheduler 77"]);

        Assert.Equal("error in parser 900", (await SimilarAsync(Memory, "parser failed in service, error 77"))[0]);
    }

    [Fact]
    public async Task Of_equal_ones_the_one_recorded_last_comes_first_and_the_limit_is_kept()
    {
        var ids = await RecordAsync(Memory, Enumerable.Range(0, 12).Select(_ => "disk full"));
        ids.Reverse();

        var three = await Memory.FindSimilarAsync("disk full", 3, cancellationToken: Cancellation);
        var five = await Memory.FindSimilarAsync("full disk", cancellationToken: Cancellation);
        var all = await Memory.FindSimilarAsync("disk", 1_000, cancellationToken: Cancellation);

        Assert.Equal(ids.Take(3), three.Matches.Select(m => m.Incident.Id));
        Assert.Equal(ids.Take(5), five.Matches.Select(m => m.Incident.Id));
        Assert.Equal(ids, all.Matches.Select(m => m.Incident.Id));
    }

    // The numbers stand here so that both databases must give the same.
    [Fact]
    public async Task The_scores_are_the_same_on_both_databases()
    {
        await RecordAsync(Memory, [.. Enumerable.Range(0, 30).Select(i => $"error in service {i}"), "error in parser 900", "parser stopped"]);

        var found = await Memory.FindSimilarAsync("parser error 900", cancellationToken: Cancellation);

        Assert.Equal(
            ["error in parser 900: 0.995", "parser stopped: 0.932", "error in service 29: 0.014"],
            found.Matches.Take(3).Select(m => FormattableString.Invariant($"{m.Incident.SignalCluster}: {Math.Round(m.Score, 3)}")));
    }

    [Fact]
    public async Task What_is_found_is_the_incident_as_it_is_now()
    {
        var id = (await RecordAsync(Memory, "disk full"))[0];
        var updated = await Memory.UpdateOutcomeAsync(id, IncidentOutcome.Completed, Json("[1]"), Cancellation);

        var found = await Memory.FindSimilarAsync("disk", cancellationToken: Cancellation);

        Assert.Equal(updated, Assert.Single(found.Matches).Incident);
        Assert.Null(found.EmbeddingFailure);
    }

    [Fact]
    public async Task The_index_follows_rows_that_somebody_changes_or_deletes()
    {
        await RecordAsync(Memory, "disk full", "disk slow", "network down");

        await _database.ExecuteAsync("DELETE FROM agent_incidents WHERE signal_cluster = 'disk full'");
        await _database.ExecuteAsync("UPDATE agent_incidents SET search_terms = 'cable' WHERE signal_cluster = 'network down'");

        Assert.Equal(["disk slow"], await SimilarAsync(Memory, "disk"));
        Assert.Equal(["network down"], await SimilarAsync(Memory, "cable"));
        Assert.Empty(await SimilarAsync(Memory, "network"));
    }

    [Fact]
    public async Task A_few_are_found_among_very_many_whose_words_are_all_common()
    {
        string[] words = ["alpha", "beta", "gamma", "delta"];
        await FillAsync(_database, 4_000, i => i == 100
            ? "service alpha beta gamma unhealthy"
            : $"service {words[i % 4]} unhealthy on node {i}");

        Assert.Equal("service alpha beta gamma unhealthy", (await SimilarAsync(Memory, "service alpha beta gamma unhealthy"))[0]);
        Assert.Equal("service beta unhealthy on node 1", (await SimilarAsync(Memory, "beta node 1"))[0]);
        Assert.Equal(5, (await SimilarAsync(Memory, "service unhealthy")).Count);
    }

    [Fact]
    public async Task A_signal_of_any_length_is_searched_by_its_first_words()
    {
        var text = string.Join(' ', Enumerable.Range(0, 50_000).Select(i => $"word{(char)('a' + (i % 26))}{i}"));
        await RecordAsync(Memory, $"needle {text}", $"other {text}", new string('x', 100_000));

        Assert.Equal($"needle {text}", (await SimilarAsync(Memory, $"needle {text}"))[0]);
        Assert.Equal(new string('x', 100_000), (await SimilarAsync(Memory, new string('x', 100_000)))[0]);
    }
}
