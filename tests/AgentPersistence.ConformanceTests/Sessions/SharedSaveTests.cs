using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Sessions;

/// <summary>Saves that share a commit. PostgreSQL only: on SQLite a transaction that writes excludes every other.</summary>
public sealed class SharedSaveTests(PostgreSqlDatabases databases) : OwnDatabaseTests(databases)
{
    private const int Callers = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly SessionUpdate Update = new() { State = JsonElement.Parse("""{"saved":true}""") };

    [Fact]
    public async Task A_session_that_a_transaction_holds_holds_up_no_other_save()
    {
        var ids = await CreateAsync("held", Callers);
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"UPDATE agent_sessions SET current_intent = 'held' WHERE id IN ('{ids[0]}', '{ids[20]}')";
        await command.ExecuteNonQueryAsync(Cancellation);

        // The first of them is saved alone, the other one in a shared commit.
        var saves = ids.Select(id => Agent.Sessions.SaveStateAsync(id, Update, Cancellation)).ToList();
        Task<AgentSession>[] held = [saves[0], saves[20]];
        await Task.WhenAll(saves.Except(held)).WaitAsync(Patience, Cancellation);
        await Agent.Sessions.SaveStateAsync(ids[1], Update, Cancellation).WaitAsync(Patience, Cancellation);
        Assert.DoesNotContain(held, s => s.IsCompleted);
        await transaction.CommitAsync(Cancellation);

        Assert.All(await Task.WhenAll(held).WaitAsync(Patience, Cancellation), s => Assert.Equal((2L, "held"), (s.Version, s.CurrentIntent)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public async Task Saves_of_a_shared_commit_whose_answer_is_lost_are_stored_once_and_nobodys_failure(long? expectedVersion)
    {
        await using var proxy = TcpCutProxy.Start(Database.ConnectionString);
        await using var agent = new Agent(DatabaseKind.PostgreSql, proxy.ConnectionString);
        var ids = await CreateAsync("lost", Callers);
        var lost = proxy.LoseNextAnswerTo(ids[20]);

        var saved = await Task.WhenAll(ids.Select(
            id => agent.Sessions.SaveStateAsync(id, Update with { ExpectedVersion = expectedVersion }, Cancellation))).WaitAsync(Patience, Cancellation);

        await lost.WaitAsync(Patience, Cancellation);
        Assert.All(saved, s => Assert.Equal(2, s.Version));
        foreach (var session in saved)
        {
            Assert.Equal(session, await Agent.Sessions.FindAsync(session.Id, Cancellation));
        }
    }

    private async Task<List<string>> CreateAsync(string kind, int count)
    {
        var ids = Enumerable.Range(0, count).Select(i => $"{kind}-{i}").ToList();
        await Task.WhenAll(ids.Select(id => Agent.Sessions.CreateAsync(new NewSession { Id = id }, Cancellation)));
        return ids;
    }
}
