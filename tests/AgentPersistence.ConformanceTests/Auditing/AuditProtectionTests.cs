using System.Data.Common;
using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Internal.Execution;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.ConformanceTests.Auditing;

/// <summary>What the triggers refuse and let through, whoever asks.</summary>
public abstract class AuditProtectionTests(TestDatabases databases) : DatabaseTests(databases)
{
    private const string Erasure =
        "salt = NULL, user_id = NULL, input_data = NULL, output_data = NULL, event_details = NULL, error_message = NULL";

    private const string Erased = Erasure + ", erased_by = '00000000-0000-8000-8000-000000000001'";

    public static TheoryData<string> Refused =>
    [
        "DELETE FROM agent_audit_log",
        "DELETE FROM agent_audit_log WHERE sequence = 4",
        "DELETE FROM agent_audit_log WHERE sequence > 1 AND sequence < 4",

        "UPDATE agent_audit_log SET action = action",
        "UPDATE agent_audit_log SET action = 'another' WHERE sequence = 2",
        "UPDATE agent_audit_log SET input_data = '2' WHERE sequence = 2",
        "UPDATE agent_audit_log SET input_data = input_data WHERE sequence = 2",
        "UPDATE agent_audit_log SET user_id = NULL WHERE sequence = 2",
        "UPDATE agent_audit_log SET sequence = 9 WHERE sequence = 2",
        "UPDATE agent_audit_log SET hash = personal_hash WHERE sequence = 2",
        "UPDATE agent_audit_log SET salt = NULL WHERE sequence = 2",
        "UPDATE agent_audit_log SET erased_by = id WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {Erasure} WHERE sequence = 2",
        "UPDATE agent_audit_log SET salt = NULL, erased_by = id WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {ErasedBut("user_id = NULL", "user_id = 'another'")} WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {ErasedBut("input_data = NULL", "input_data = '2'")} WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {Erased}, personal_hash = hash WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {Erased}, session_id = NULL WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {Erased}, status = 'failure' WHERE sequence = 2",
        $"UPDATE agent_audit_log SET {Erased}, id = '00000000-0000-7000-8000-000000000000' WHERE sequence = 2",

        // Row 3 is erased.
        $"UPDATE agent_audit_log SET {Erased} WHERE sequence = 3",
        "UPDATE agent_audit_log SET salt = personal_hash WHERE sequence = 3",
        "UPDATE agent_audit_log SET erased_by = NULL WHERE sequence = 3",
        "UPDATE agent_audit_log SET user_id = 'restored' WHERE sequence = 3",

        // Row 1 is within the pruned part, as the head has it, but rows go with the head or not at all.
        "UPDATE agent_audit_log SET action = 'another' WHERE sequence = 1",

        $"INSERT INTO agent_audit_log SELECT * FROM agent_audit_log WHERE sequence = 2 ON CONFLICT (id) DO UPDATE SET action = 'another'",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public Task What_would_change_the_log_is_refused_and_changes_nothing(string sql) => AssertRefusedAsync(sql);

    [Fact]
    public async Task A_row_can_be_erased_whole_and_once()
    {
        await using var database = await CreateAsync();

        Assert.Equal(1, await database.ExecuteAsync($"UPDATE agent_audit_log SET {Erased} WHERE sequence = 2"));

        Assert.Equal(2L, Convert.ToInt64(await database.ScalarAsync("SELECT count(*) FROM agent_audit_log WHERE salt IS NULL"), null));
    }

    [Fact]
    public async Task Rows_can_be_deleted_up_to_the_heads_pruned_sequence_and_not_beyond()
    {
        await using var database = await CreateAsync();

        Assert.Equal(1, await database.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 1"));
        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence <= 2"));
        await database.ExecuteAsync("UPDATE agent_audit_head SET pruned_sequence = 2");
        Assert.Equal(1, await database.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence <= 2"));
        Assert.Equal(2, await database.CountAsync("agent_audit_log"));
    }

    [Fact]
    public async Task Nothing_can_be_deleted_when_the_head_is_gone()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync("DELETE FROM agent_audit_head");

        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("DELETE FROM agent_audit_log WHERE sequence = 1"));

        Assert.Equal(4, await database.CountAsync("agent_audit_log"));
    }

    [Fact]
    public async Task A_temporary_table_in_the_heads_place_fools_nobody()
    {
        await using var database = await CreateAsync();

        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("""
            CREATE TEMPORARY TABLE agent_audit_head AS SELECT 1 AS id, 99 AS pruned_sequence;
            DELETE FROM agent_audit_log WHERE sequence = 4
            """));

        Assert.Equal(4, await database.CountAsync("agent_audit_log"));
    }

    /// <summary>A log of four rows, the first within the pruned part, the third erased.</summary>
    protected async Task<TestDatabase> CreateAsync()
    {
        var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var first = new AuditEntry { UserId = "u", Input = JsonElementOf("1") };
        var second = first with { SessionId = "s", IdempotencyKey = "k", Status = AuditStatus.Pending };
        var receipts = await agent.Audit.LogAsync([first, second, first], Cancellation);
        await agent.Audit.CompleteAsync(receipts[1].Id, new AuditOutcome(AuditStatus.Success), Cancellation);
        await database.ExecuteAsync($"UPDATE agent_audit_log SET {Erased} WHERE sequence = 3");
        await database.ExecuteAsync("UPDATE agent_audit_head SET pruned_sequence = 1");
        return database;
    }

    protected async Task AssertRefusedAsync(string sql)
    {
        await using var database = await CreateAsync();
        var before = await DumpAsync(database);

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync(sql));

        Assert.True(
            refused.SqlState == "23001" || refused is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_TRIGGER },
            refused.Message);
        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DumpAsync(database));
    }

    /// <summary>Whether the library takes the refusal for a row that is there already.</summary>
    protected bool IsTakenForADuplicate(Exception exception) => Agent.Get<OwnConnectionExecutor>().Dialect.IsDuplicate(exception);

    private static string ErasedBut(string assignment, string instead) => Erased.Replace(assignment, instead, StringComparison.Ordinal);

    protected static async Task<List<string>> DumpAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM agent_audit_log ORDER BY sequence";
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")));
        }

        return rows;
    }

    private static System.Text.Json.JsonElement JsonElementOf(string text) => System.Text.Json.JsonElement.Parse(text);
}
