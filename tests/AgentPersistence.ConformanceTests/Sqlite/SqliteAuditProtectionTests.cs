using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditProtectionTests(SqliteDatabases databases) : AuditProtectionTests(databases)
{
    // OR REPLACE deletes the row in its place without asking a trigger on delete.
    public static TheoryData<string, string> Replacements => new()
    {
        { "its id", "id = (SELECT id FROM agent_audit_log WHERE sequence = 2), sequence = 9, idempotency_key = NULL" },
        { "its place", "id = 'new', sequence = 2, idempotency_key = NULL" },
        { "its key", "id = 'new', sequence = 9, idempotency_key = 'k'" },
        {
            "its predecessor",
            "id = 'new', sequence = 9, idempotency_key = NULL, "
            + "previous_id = (SELECT previous_id FROM agent_audit_log WHERE sequence = 4)"
        },
    };

    [Theory]
    [MemberData(nameof(Replacements))]
    public async Task A_row_cannot_be_replaced_by(string what, string assignments)
    {
        Assert.NotEmpty(what);
        await AssertRefusedAsync($"""
            CREATE TEMPORARY TABLE copy AS SELECT * FROM agent_audit_log WHERE sequence = 2;
            UPDATE copy SET {assignments};
            INSERT OR REPLACE INTO agent_audit_log SELECT * FROM copy
            """);
    }

    [Fact]
    public Task A_row_cannot_be_replaced_by_its_rowid() => AssertRefusedAsync("""
        INSERT OR REPLACE INTO agent_audit_log (
            rowid, id, sequence, action_id, status, occurred_at, created_at, format, personal_hash, hash)
        SELECT rowid, 'new', 9, 'new', status, occurred_at, created_at, format, personal_hash, hash FROM agent_audit_log WHERE sequence = 2
        """);

    [Fact]
    public async Task A_replacement_behind_a_new_row_is_refused_and_every_row_that_was_there_stays()
    {
        await using var database = await CreateAsync();
        var before = await DumpAsync(database);

        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("""
            CREATE TEMPORARY TABLE copy AS SELECT * FROM agent_audit_log WHERE sequence = 3;
            UPDATE copy SET id = 'new', sequence = 9, previous_id = NULL;
            INSERT INTO copy SELECT * FROM agent_audit_log WHERE sequence = 2;
            INSERT OR REPLACE INTO agent_audit_log SELECT * FROM copy ORDER BY sequence DESC
            """));

        Assert.Equal(before, (await DumpAsync(database)).Take(before.Count));
    }

    [Fact]
    public async Task A_refused_append_leaves_nothing_of_itself_in_its_transaction()
    {
        await using var database = await CreateAsync();
        var before = await DumpAsync(database);
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) =
            (transaction, "INSERT OR FAIL INTO agent_audit_log SELECT * FROM agent_audit_log WHERE sequence = 2");

        await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync(Cancellation));
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(before, await DumpAsync(database));
    }

    [Fact]
    public Task A_row_cannot_be_erased_onto_another() => AssertRefusedAsync("""
        UPDATE OR REPLACE agent_audit_log
        SET rowid = (SELECT rowid FROM agent_audit_log WHERE sequence = 4), salt = NULL, user_id = NULL, input_data = NULL, erased_by = 'x'
        WHERE sequence = 2
        """);

    [Fact]
    public async Task A_row_that_is_there_is_refused_as_a_duplicate_and_nothing_else_is()
    {
        await using var database = await CreateAsync();

        var again = await Assert.ThrowsAsync<SqliteException>(
            () => database.ExecuteAsync("INSERT INTO agent_audit_log SELECT * FROM agent_audit_log WHERE sequence = 2"));
        var deleted = await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("DELETE FROM agent_audit_log"));

        Assert.Equal((true, false), (IsTakenForADuplicate(again), IsTakenForADuplicate(deleted)));
    }
}
