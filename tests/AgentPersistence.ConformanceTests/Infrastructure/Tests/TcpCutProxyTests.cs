using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure.Tests;

public sealed class TcpCutProxyTests(PostgreSqlDatabases databases) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private TcpCutProxy proxy = null!;
    private NpgsqlDataSource client = null!;

    public async ValueTask InitializeAsync()
    {
        database = await databases.CreateEmptyAsync();
        await database.ExecuteAsync("CREATE TABLE t (name text)");
        proxy = TcpCutProxy.Start(database.ConnectionString);
        client = NpgsqlDataSource.Create(proxy.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_row_whose_answer_was_lost_is_there_and_the_client_gets_an_error()
    {
        await InsertAsync("before");
        var lost = proxy.LoseNextAnswerTo("ghost");

        await Assert.ThrowsAsync<NpgsqlException>(() => InsertAsync("ghost"));

        await lost;
        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(2, await database.CountAsync("t"));
        await InsertAsync("after");
        await InsertAsync("ghost");
        Assert.Equal(4, await database.CountAsync("t"));
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task A_row_is_read_before_the_end_of_its_answer_is_lost()
    {
        var lost = proxy.LoseEndOfNextAnswerTo("ghost");
        await using var command = client.CreateCommand("INSERT INTO t VALUES ($1) RETURNING name");
        command.Parameters.AddWithValue("ghost");
        await using var reader = await command.ExecuteReaderAsync();

        Assert.True(await reader.ReadAsync());
        Assert.Equal("ghost", reader.GetString(0));
        Assert.False(await reader.ReadAsync());
        await Assert.ThrowsAsync<NpgsqlException>(() => reader.NextResultAsync());

        await lost;
        Assert.Equal(1, await database.CountAsync("t"));
    }

    [Fact]
    public async Task A_row_whose_request_was_lost_is_not_there()
    {
        var lost = proxy.LoseNextRequestWith("ghost");

        await Assert.ThrowsAsync<NpgsqlException>(() => InsertAsync("ghost"));

        await lost;
        Assert.Equal(0, await database.CountAsync("t"));
        await InsertAsync("ghost");
        Assert.Equal(1, await database.CountAsync("t"));
    }

    [Fact]
    public async Task A_transaction_whose_answer_to_commit_was_lost_is_committed()
    {
        var lost = proxy.LoseNextAnswerToCommit();
        await using var connection = await client.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (NpgsqlCommand insert = new("INSERT INTO t VALUES ('one'), ('two')", connection, transaction))
            await insert.ExecuteNonQueryAsync();

        await Assert.ThrowsAsync<NpgsqlException>(() => transaction.CommitAsync());

        await lost;
        Assert.Equal(2, await database.CountAsync("t"));
    }

    [Theory]
    [InlineData("row 1;")]
    [InlineData("row 999;")]
    [InlineData("COPY")]
    public async Task A_copy_whose_answer_was_lost_is_whole(string text)
    {
        var lost = proxy.LoseNextAnswerTo(text);

        await Assert.ThrowsAsync<NpgsqlException>(CopyAsync);

        await lost;
        Assert.Equal(1_000, await database.CountAsync("t"));
    }

    [Fact]
    public async Task A_large_batch_whose_answer_was_lost_is_whole()
    {
        var lost = proxy.LoseNextAnswerTo("ghost 0;");

        await Assert.ThrowsAsync<NpgsqlException>(InsertBatchAsync);

        await lost;
        Assert.Equal(300, await database.CountAsync("t"));
    }

    [Fact]
    public async Task Only_one_of_many_callers_loses_its_answer()
    {
        var lost = proxy.LoseNextAnswerTo("caller 7;");

        var calls = Enumerable.Range(0, 20).Select(n => Record.ExceptionAsync(() => InsertAsync($"caller {n};")).AsTask());
        var errors = await Task.WhenAll(calls);

        await lost;
        Assert.NotNull(errors[7]);
        Assert.Single(errors, error => error is not null);
        Assert.Equal(20, await database.CountAsync("t"));
    }

    [Fact]
    public async Task Connections_work_again_after_all_were_cut()
    {
        await InsertAsync("one");
        proxy.CutAll();

        await Record.ExceptionAsync(() => InsertAsync("perhaps"));
        await InsertAsync("two");

        Assert.Equal(1, proxy.Cuts);
    }

    private async Task InsertAsync(string name)
    {
        await using var command = client.CreateCommand("INSERT INTO t VALUES ($1)");
        command.Parameters.AddWithValue(name);
        await command.ExecuteNonQueryAsync();
    }

    private async Task InsertBatchAsync()
    {
        await using var batch = client.CreateBatch();
        for (var n = 0; n < 300; n++)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO t VALUES ($1)"));
            batch.BatchCommands[n].Parameters.AddWithValue($"ghost {n};" + new string('x', 1_000));
        }

        await batch.ExecuteNonQueryAsync();
    }

    private async Task CopyAsync()
    {
        await using var connection = await client.OpenConnectionAsync();
        await using var rows = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)");
        for (var n = 0; n < 1_000; n++)
        {
            await rows.StartRowAsync();
            await rows.WriteAsync($"row {n};" + new string('x', 100));
        }

        await rows.CompleteAsync();
    }
}
