using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;

namespace AgentPersistence.ConformanceTests.Sessions;

public abstract class SessionConcurrencyTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly JsonElement Empty = Json("{}");

    private ISessionStore Sessions => Agent.Sessions;

    [Fact]
    public async Task Of_64_concurrent_saves_with_one_expected_version_one_succeeds()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty }, Cancellation);

        var saves = Enumerable.Range(0, 64).Select(i => Task.Run(
            () => Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json($"{i}"), ExpectedVersion = 1 }, Cancellation),
            Cancellation)).ToList();
        await Task.WhenAny(Task.WhenAll(saves), Task.Delay(Timeout.Infinite, Cancellation));

        var won = Assert.Single(saves, s => s.IsCompletedSuccessfully);
        Assert.Equal(
            63, saves.Count(s => s.Exception?.InnerException is SessionConflictException { ExpectedVersion: 1, ActualVersion: 2 }));
        Assert.Equal(await won, await Sessions.FindAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task Concurrent_saves_without_an_expected_version_all_count()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty }, Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(
            i => Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json($"{i}") }, Cancellation)));

        Assert.Equal(33, (await Sessions.FindAsync(created.Id, Cancellation))!.Version);
    }

    [Fact]
    public async Task A_save_that_had_to_wait_is_judged_by_the_time_at_which_it_gets_its_turn()
    {
        var created = await Sessions.CreateAsync(new NewSession { State = Empty, TimeToLive = TimeSpan.FromSeconds(1) }, Cancellation);
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"UPDATE agent_sessions SET current_intent = 'held' WHERE id = '{created.Id}'";
        await command.ExecuteNonQueryAsync(Cancellation);

        var save = Task.Run(() => Sessions.SaveStateAsync(created.Id, new SessionUpdate { State = Json("1") }, Cancellation), Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(SessionStatus.Expired, (await Assert.ThrowsAsync<SessionEndedException>(() => save)).Status);
        Assert.Equal(1, (await Sessions.FindAsync(created.Id, Cancellation))!.Version);
    }

    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var (kept, dropped) = (NewId("kept"), NewId("dropped"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = kept, State = Empty }, Cancellation);
            await transaction.Sessions.SaveStateAsync(kept, new SessionUpdate { State = Json("1"), ExpectedVersion = 1 }, Cancellation);

            // An expected refusal leaves the transaction usable.
            await Assert.ThrowsAsync<DuplicateSessionException>(
                () => transaction.Sessions.CreateAsync(new NewSession { Id = kept }, Cancellation));
            await transaction.CommitAsync(Cancellation);
        }

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = dropped }, Cancellation);
            await transaction.Sessions.EndAsync(kept, cancellationToken: Cancellation);
        }

        var found = await Sessions.FindAsync(kept, Cancellation);
        Assert.Equal((SessionStatus.Active, 2L), (found!.Status, found.Version));
        Assert.Null(await Sessions.FindAsync(dropped, Cancellation));
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
