using System.Data.Common;
using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Knowledge;

namespace AgentPersistence.ConformanceTests.Knowledge;

public abstract class KnowledgeRegistryTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private IKnowledgeRegistry Knowledge => Agent.Knowledge;

    [Fact]
    public async Task A_registered_document_comes_back_as_it_was_given()
    {
        var given = new NewKnowledgeDocument
        {
            FileId = NewId("file"),
            Title = "Fees é",
            SourceUrl = "https://example.org/fees?a=1",
            ContentType = KnowledgeContentType.Public,
            TopicCollection = "banking",
            IngestedAt = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)),
            Metadata = JsonElement.Parse("""{ "pages" : 1.50,  "a":[] }"""),
        };

        var stored = await Knowledge.RegisterAsync(given, Cancellation);

        Assert.Equal(
            new KnowledgeDocument
            {
                Id = stored.Id,
                FileId = given.FileId,
                Title = given.Title,
                SourceUrl = given.SourceUrl,
                ContentType = given.ContentType,
                TopicCollection = given.TopicCollection,
                IngestedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Metadata = given.Metadata,
            },
            stored);
        Assert.Equal(7, stored.Id.Version);
        Assert.Equal(stored, await Knowledge.FindAsync(given.FileId, Cancellation));
    }

    [Fact]
    public async Task A_document_with_only_a_title_is_ingested_now()
    {
        var stored = await Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = NewId("file"), Title = "" }, Cancellation);

        Assert.Equal(new KnowledgeDocument { Id = stored.Id, FileId = stored.FileId, IngestedAt = stored.IngestedAt }, stored);
        Assert.InRange(stored.IngestedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(stored, await Knowledge.FindAsync(stored.FileId, Cancellation));
    }

    [Fact]
    public async Task Registering_a_file_anew_replaces_everything_but_its_id()
    {
        var first = await Knowledge.RegisterAsync(
            new NewKnowledgeDocument
            {
                FileId = NewId("file"),
                Title = "old",
                SourceUrl = "u:",
                ContentType = KnowledgeContentType.Public,
                TopicCollection = "a",
                IngestedAt = Start,
                Metadata = JsonElement.Parse("1"),
            },
            Cancellation);

        var again = await Knowledge.RegisterAsync(
            new NewKnowledgeDocument
            {
                FileId = first.FileId,
                Title = "new",
                ContentType = KnowledgeContentType.Synthetic,
                IngestedAt = Start.AddDays(1),
            },
            Cancellation);

        Assert.Equal(
            new KnowledgeDocument
            {
                Id = first.Id,
                FileId = first.FileId,
                Title = "new",
                ContentType = KnowledgeContentType.Synthetic,
                IngestedAt = Start.AddDays(1),
            },
            again);
        Assert.Equal(again, await Knowledge.FindAsync(first.FileId, Cancellation));
    }

    [Fact]
    public async Task Many_hosts_that_register_one_file_at_once_leave_one_document()
    {
        await using var database = await Databases.CreateAsync();
        await using var one = new Agent(database);
        await using var two = new Agent(database);

        var stored = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => (i % 2 == 0 ? one : two).Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = "f", Title = $"{i}" }, Cancellation),
            Cancellation)));

        Assert.Single(stored.Select(d => d.Id).Distinct());
        Assert.Equal(32, stored.Select(d => d.Title).Distinct().Count());
        Assert.Contains(await one.Knowledge.FindAsync("f", Cancellation), stored);
        Assert.Equal(1, await database.CountAsync("agent_knowledge_documents"));
    }

    [Fact]
    public async Task Documents_are_found_by_type_and_topic_newest_ingestion_first()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        (string, KnowledgeContentType?, string?, int)[] given =
        [
            ("a", KnowledgeContentType.Public, "x", 3),
            ("b", KnowledgeContentType.Synthetic, "x", 1),
            ("c", KnowledgeContentType.Public, "y", 2),
            ("d", null, null, 4),
        ];
        foreach (var (name, type, topic, day) in given)
        {
            var document = new NewKnowledgeDocument
            {
                FileId = name, Title = name, ContentType = type, TopicCollection = topic, IngestedAt = Start.AddDays(day),
            };
            await agent.Knowledge.RegisterAsync(document, Cancellation);
        }

        async Task<string> Found(KnowledgeQuery query) =>
            string.Concat((await agent.Knowledge.QueryAsync(query, Cancellation)).Select(d => d.FileId));

        Assert.Equal("dacb", await Found(new KnowledgeQuery()));
        Assert.Equal("da", await Found(new KnowledgeQuery { Limit = 2 }));
        Assert.Equal("ac", await Found(new KnowledgeQuery { ContentType = KnowledgeContentType.Public }));
        Assert.Equal("ab", await Found(new KnowledgeQuery { TopicCollection = "x" }));
        Assert.Equal("b", await Found(new KnowledgeQuery { TopicCollection = "x", ContentType = KnowledgeContentType.Synthetic }));
        Assert.Equal("", await Found(new KnowledgeQuery { TopicCollection = "X" }));
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_even_where_ingestion_times_are_equal()
    {
        var topic = NewId("topic");
        var all = new List<KnowledgeDocument>();
        for (var i = 0; i < 7; i++)
        {
            var document = new NewKnowledgeDocument
            {
                FileId = NewId("file"), Title = $"{i}", TopicCollection = topic, IngestedAt = Start.AddDays(i / 5),
            };
            all.Add(await Knowledge.RegisterAsync(document, Cancellation));
        }

        var read = new List<KnowledgeDocument>();
        while (await Knowledge.QueryAsync(
            new KnowledgeQuery { TopicCollection = topic, After = read.LastOrDefault(), Limit = 3 }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(all.OrderByDescending(d => d.IngestedAt).ThenByDescending(d => d.Id.ToString(), StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task A_removed_document_is_gone_and_may_be_registered_as_another()
    {
        var first = await Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = NewId("file"), Title = "1" }, Cancellation);

        Assert.True(await Knowledge.RemoveAsync(first.FileId, Cancellation));
        Assert.False(await Knowledge.RemoveAsync(first.FileId, Cancellation));
        Assert.Null(await Knowledge.FindAsync(first.FileId, Cancellation));

        var second = await Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = first.FileId, Title = "2" }, Cancellation);

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task A_content_type_that_is_not_defined_is_refused_here_and_by_the_table()
    {
        var file = NewId("file");
        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Knowledge.RegisterAsync(
            new NewKnowledgeDocument { FileId = file, Title = "t", ContentType = (KnowledgeContentType)9 }, Cancellation));
        var asked = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Knowledge.QueryAsync(new KnowledgeQuery { ContentType = (KnowledgeContentType)9 }, Cancellation));
        await Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = file, Title = "t" }, Cancellation);

        Assert.Equal((nameof(NewKnowledgeDocument.ContentType), nameof(KnowledgeQuery.ContentType)), (refused.ParamName, asked.ParamName));
        await Assert.ThrowsAnyAsync<DbException>(
            () => Database.ExecuteAsync($"UPDATE agent_knowledge_documents SET content_type = 'secret' WHERE file_id = '{file}'"));
        Assert.Equal(1, await Database.ExecuteAsync($"UPDATE agent_knowledge_documents SET content_type = 'synthetic' WHERE file_id = '{file}'"));
    }

    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var (kept, dropped) = (NewId("kept"), NewId("dropped"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = kept, Title = "1" }, Cancellation);
            await transaction.Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = kept, Title = "2" }, Cancellation);
            Assert.Equal("2", (await transaction.Knowledge.FindAsync(kept, Cancellation))!.Title);
            await transaction.CommitAsync(Cancellation);
        }

        await using (var connection = await Database.OpenAsync())
        await using (var host = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var enlisted = Agent.Database.Enlist(host);
            await enlisted.Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = dropped, Title = "1" }, Cancellation);
            await enlisted.Knowledge.RemoveAsync(kept, Cancellation);
        }

        Assert.Equal("2", (await Knowledge.FindAsync(kept, Cancellation))!.Title);
        Assert.Null(await Knowledge.FindAsync(dropped, Cancellation));
    }
}
