using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

public abstract class InteractionTransactionTests(TestDatabases databases) : InteractionTests(databases)
{
    [Fact]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var session = NewId("session");
        var before = await Interactions.LogAsync(Asked("before", session), Cancellation);
        foreach (var commits in new[] { false, true })
        {
            await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
            var inside = transaction.Interactions;
            var logged = await inside.LogAsync([Asked("1", session), Asked("2", session)], Cancellation);
            await inside.EscalateAsync(logged[0].Id, Because(), Cancellation);
            Assert.True(await inside.DeleteAsync(before.Id, Cancellation));
            Assert.Equal(logged[1], await inside.FindAsync(logged[1].Id, Cancellation));
            Assert.Equal(2, (await inside.QueryAsync(new InteractionQuery { SessionId = session }, Cancellation)).Count);
            if (!commits)
            {
                continue;
            }

            await transaction.CommitAsync(Cancellation);
            Assert.Equal(logged[0], await Interactions.FindAsync(logged[0].Id, Cancellation));
        }

        Assert.Equal(["2", "1"], await QueriesAsync(session));
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var session = NewId("session");
        var known = await Interactions.LogAsync(Asked(), Cancellation);
        var given = Because() with { Id = Guid.CreateVersion7() };
        await Interactions.EscalateAsync(known.Id, given, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Interactions;
            await Assert.ThrowsAsync<InteractionNotFoundException>(() => inside.EscalateAsync(Guid.CreateVersion7(), Because(), Cancellation));
            await Assert.ThrowsAsync<EscalationConflictException>(
                () => inside.EscalateAsync(known.Id, given with { TriggerType = "other" }, Cancellation));
            await inside.EscalateAsync(known.Id, given, Cancellation);
            await Assert.ThrowsAsync<ArgumentNullException>(() => inside.LogAsync(Asked(null!), Cancellation));
            await inside.LogAsync(Asked("kept", session), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(["kept"], await QueriesAsync(session));
    }

    [Fact]
    public async Task The_hosts_own_rows_commit_or_vanish_with_the_interaction_and_its_escalation()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE host_table (id integer)");
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            var logged = await enlisted.Interactions.LogAsync(Asked($"{commits}"), Cancellation);
            await enlisted.Interactions.EscalateAsync(logged.Id, Because(), Cancellation);
            Assert.Equal(1, (await enlisted.Interactions.GetMetricsAsync(cancellationToken: Cancellation)).EscalationTriggers["low_confidence"]);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO host_table VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal((1, 1), (await database.CountAsync("host_table"), await database.CountAsync("agent_escalations")));
        Assert.Equal("True", Assert.Single(await agent.Interactions.QueryAsync(new InteractionQuery(), Cancellation)).UserQuery);
    }
}
