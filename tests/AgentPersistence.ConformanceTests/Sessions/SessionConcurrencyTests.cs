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
    public async Task Saves_of_many_sessions_at_once_are_each_stored_as_they_were_meant()
    {
        const int Callers = 40;
        var ids = Enumerable.Range(0, Callers).Select(i => NewId($"many-{i}")).ToList();
        await Task.WhenAll(ids.Select(id => Sessions.CreateAsync(
            new NewSession { Id = id, State = Empty, CurrentIntent = "first", TimeToLive = TimeSpan.FromHours(1) }, Cancellation)));

        await Task.WhenAll(ids.Select((id, i) => Task.Run(async () =>
        {
            for (var version = 1; version <= 10; version++)
            {
                var update = new SessionUpdate
                {
                    State = Json($$"""{"caller":{{i}},"text":"\"é"}"""),
                    CurrentIntent = version % 2 == 0 ? $"intent-{i}" : null,
                    ExpectedVersion = version % 3 == 0 ? null : version,
                };
                var saved = await Sessions.SaveStateAsync(id, update, Cancellation);
                Assert.Equal((version + 1L, update.State.GetRawText()), (saved.Version, saved.State!.Value.GetRawText()));
                Assert.Equal(version == 1 ? "first" : $"intent-{i}", saved.CurrentIntent);
                Assert.InRange(saved.ExpiresAt!.Value - saved.LastActivity, TimeSpan.FromHours(1), TimeSpan.FromHours(1.001));
                Assert.Equal(saved, await Sessions.FindAsync(id, Cancellation));
            }
        })));
    }

    [Fact]
    public async Task Of_saves_at_once_each_is_refused_for_its_own_reason_and_harms_no_other()
    {
        var (open, ended, lapsed, missing) = (NewId("open"), NewId("ended"), NewId("lapsed"), NewId("missing"));
        await Sessions.CreateAsync(new NewSession { Id = open, State = Empty }, Cancellation);
        await Sessions.CreateAsync(new NewSession { Id = ended, State = Empty }, Cancellation);
        await Sessions.EndAsync(ended, SessionStatus.Abandoned, Cancellation);
        await Sessions.CreateAsync(new NewSession { Id = lapsed, State = Empty, TimeToLive = TimeSpan.FromMilliseconds(1) }, Cancellation);
        await Task.Delay(10, Cancellation);
        Task<Exception?> SaveAsync(string id, long? expected) => Record.ExceptionAsync(
            () => Sessions.SaveStateAsync(id, new SessionUpdate { State = Json("1"), ExpectedVersion = expected }, Cancellation)).AsTask();

        var others = Enumerable.Range(0, 20).Select(i => SaveAsync(open, null)).ToList();
        var errors = await Task.WhenAll(SaveAsync(ended, null), SaveAsync(lapsed, null), SaveAsync(missing, null), SaveAsync(open, 99));

        Assert.All(await Task.WhenAll(others), Assert.Null);
        Assert.Equal(SessionStatus.Abandoned, Assert.IsType<SessionEndedException>(errors[0]).Status);
        Assert.Equal(SessionStatus.Expired, Assert.IsType<SessionEndedException>(errors[1]).Status);
        Assert.IsType<SessionNotFoundException>(errors[2]);
        Assert.Equal(99, Assert.IsType<SessionConflictException>(errors[3]).ExpectedVersion);
        Assert.Equal(21, (await Sessions.FindAsync(open, Cancellation))!.Version);
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
