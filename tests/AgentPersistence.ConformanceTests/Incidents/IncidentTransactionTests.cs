using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class IncidentTransactionTests(TestDatabases databases) : IncidentTests(databases)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_transaction_writes_is_there_once_it_commits_and_only_then(bool commits)
    {
        var (signal, word) = (NewId("signal"), $"w{Guid.CreateVersion7():n}");
        var before = (await Incidents.RecordAsync(Seen(signal), Cancellation)).Id;
        Guid inside;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            inside = (await transaction.Incidents.RecordAsync(Seen($"{signal} {word}"), Cancellation)).Id;
            await transaction.Incidents.UpdateOutcomeAsync(before, IncidentOutcome.Completed, cancellationToken: Cancellation);
            await transaction.Incidents.AppendConfidenceAsync(new NewConfidence { SignalCluster = signal, Confidence = 1 }, Cancellation);
            Assert.Equal(inside, (await transaction.Incidents.FindAsync(inside, Cancellation))!.Id);
            Assert.Single((await transaction.Incidents.FindSimilarAsync(word, cancellationToken: Cancellation)).Matches);
            Assert.Equal(2, (await transaction.Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation)).Count);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(commits, await Incidents.FindAsync(inside, Cancellation) is not null);
        Assert.Equal(
            commits ? IncidentOutcome.Completed : IncidentOutcome.Pending, (await Incidents.FindAsync(before, Cancellation))!.Outcome);
        Assert.Equal(commits ? 1 : 0, (await Incidents.FindSimilarAsync(word, cancellationToken: Cancellation)).Matches.Count);
        Assert.Equal(commits ? 2 : 1, (await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation)).Count);
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var incident = Seen(NewId("signal")) with { Id = Guid.CreateVersion7(), Outcome = IncidentOutcome.Failed };
        await Incidents.RecordAsync(incident, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Incidents;
            Assert.True((await inside.RecordAsync(incident, Cancellation)).AlreadyRecorded);
            await Assert.ThrowsAsync<IncidentConflictException>(() => inside.RecordAsync(incident with { RootCause = "other" }, Cancellation));
            await Assert.ThrowsAsync<IncidentClosedException>(
                () => inside.UpdateOutcomeAsync(incident.Id.Value, IncidentOutcome.Completed, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<IncidentNotFoundException>(
                () => inside.UpdateOutcomeAsync(Guid.CreateVersion7(), IncidentOutcome.Completed, cancellationToken: Cancellation));
            await inside.RecordAsync(Seen(incident.SignalCluster), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(2, (await Incidents.GetConfidenceHistoryAsync(incident.SignalCluster, cancellationToken: Cancellation)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_hosts_own_rows_commit_or_vanish_with_the_incident(bool commits)
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE host_table (id integer)");
        await using (var connection = await database.OpenAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            await enlisted.Incidents.RecordAsync(Seen("disk full"), Cancellation);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO host_table VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        var rows = commits ? 1 : 0;
        Assert.Equal(
            (rows, rows, rows),
            (await database.CountAsync("host_table"), await database.CountAsync("agent_incidents"), await database.CountAsync("agent_confidence_history")));
        Assert.Equal(rows, (await agent.Incidents.FindSimilarAsync("disk", cancellationToken: Cancellation)).Matches.Count);
    }
}
