using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using AgentPersistence.Interactions;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.ConformanceTests.Sqlite;

/// <summary>A host's own connection, with settings and functions of its own, and databases in memory.</summary>
public sealed class SqliteHostTests(SqliteDatabases databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_does_not_heed_foreign_keys_is_refused()
    {
        await using var database = await databases.CreateAsync();
        await using var agent = new Agent(database);
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_keys = OFF";
        await command.ExecuteNonQueryAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        var refused = Assert.Throws<ArgumentException>(() => agent.Database.Enlist(transaction));

        Assert.Equal("transaction", refused.ParamName);
        Assert.Contains("Foreign Keys=True", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_while_messages_are_appended_leaves_none_without_its_number()
    {
        await using var database = await databases.CreateAsync();
        await using var agent = new Agent(database);
        var thread = (await agent.Conversations.GetOrCreateThreadAsync("test", "chat", Cancellation)).Id;

        await InTransactionCancelledByAsync(agent, database, "agent_chat_messages", async (enlisted, cancellation) =>
        {
            await Record.ExceptionAsync(() => enlisted.Conversations.AppendAsync(thread, Message("1"), cancellation));
            await enlisted.Conversations.AppendAsync(thread, Message("2"), Cancellation);
        });

        Assert.Equal([1L, 2L], (await agent.Conversations.GetRecentMessagesAsync(thread, 10, Cancellation)).Select(m => m.Sequence));

        static NewMessage Message(string text) => new() { Role = MessageRole.User, Text = text };
    }

    [Fact]
    public async Task Cancelling_while_an_entry_is_logged_leaves_the_chain_whole()
    {
        await using var database = await databases.CreateAsync();
        await using var agent = new Agent(database);

        await InTransactionCancelledByAsync(
            agent,
            database,
            "agent_audit_log",
            async (enlisted, cancellation) => await Record.ExceptionAsync(
                () => enlisted.Audit.LogAsync(new AuditEntry { Action = "1" }, cancellation)));
        await agent.Audit.LogAsync(new AuditEntry { Action = "2" }, Cancellation);

        var verification = await agent.Verifier.VerifyAsync(cancellationToken: Cancellation);
        Assert.True(verification.IsIntact, verification.Reason);
    }

    [Fact]
    public async Task Metrics_of_a_database_in_memory_do_not_wait_for_ever_behind_a_hosts_open_transaction()
    {
        var connectionString = $"Data Source={Guid.CreateVersion7()};Mode=Memory;Cache=Shared";
        await using var agent = new Agent(DatabaseKind.Sqlite, connectionString, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        await agent.Database.MigrateAsync(Cancellation);
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var enlisted = agent.Database.Enlist(transaction);
        var asked = new NewInteraction { AssistantMode = AssistantMode.Banker, UserQuery = "q", Outcome = InteractionOutcome.Resolved };
        await enlisted.Interactions.LogAsync(asked, Cancellation);

        var busy = await Assert.ThrowsAsync<AgentPersistenceException>(
            () => Task.Run(() => agent.Interactions.GetMetricsAsync(cancellationToken: Cancellation), Cancellation)
                .WaitAsync(TimeSpan.FromSeconds(20), Cancellation));

        Assert.Contains("Enlist", busy.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await enlisted.Interactions.GetMetricsAsync(cancellationToken: Cancellation)).Totals.Total);
    }

    /// <summary>Acts in a host's transaction, with a token that is cancelled by the first row that is inserted into the table.</summary>
    private static async Task InTransactionCancelledByAsync(
        Agent agent, TestDatabase database, string table, Func<IAgentTransaction, CancellationToken, Task> act)
    {
        using var cancellation = new CancellationTokenSource();
        await using var connection = (SqliteConnection)await database.OpenAsync();
        connection.CreateFunction("cancel", () =>
        {
            cancellation.Cancel();
            return 0;
        });
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TEMP TRIGGER cancels AFTER INSERT ON {table} BEGIN SELECT cancel(); END";
        await command.ExecuteNonQueryAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var enlisted = agent.Database.Enlist(transaction);
        await act(enlisted, cancellation.Token);
        await transaction.CommitAsync(Cancellation);
        Assert.True(cancellation.IsCancellationRequested);
    }
}
