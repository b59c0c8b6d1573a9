using System.Text.RegularExpressions;
using AgentPersistence.Providers.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AgentPersistence.Tests.Providers;

/// <summary>What a script for SQLite can say twice, and what it refuses to say.</summary>
public sealed partial class SqliteMigrationScriptTests : IDisposable
{
    private static readonly AddColumnOperation AddColumn = new()
    {
        Table = "t",
        Name = "c",
        ClrType = typeof(string),
        ColumnType = "TEXT",
        IsNullable = true,
    };

    private readonly SqliteAgentDbContext _context = new(SqliteAgentDbContext.CreateOptions());
    private readonly SqliteAgentDbContext _script = new(SqliteAgentDbContext.CreateScriptOptions());

    public void Dispose()
    {
        _context.Dispose();
        _script.Dispose();
    }

    [Fact]
    public void An_operation_that_cannot_be_repeated_is_refused_by_name_in_the_script()
    {
        var refused = Assert.Throws<NotSupportedException>(() => Generate(_script, AddColumn));

        Assert.Contains(nameof(AddColumnOperation), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_operation_is_migrated()
    {
        var sql = Assert.Single(Generate(_context, AddColumn));

        Assert.StartsWith("ALTER TABLE \"t\" ADD \"c\"", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_the_script_is_inserted_unless_it_is_there()
    {
        var insert = new InsertDataOperation
        {
            Table = "t",
            Columns = ["id", "name"],
            ColumnTypes = ["INTEGER", "TEXT"],
            Values = new object[,] { { 1, "INSERT INTO x" }, { 2, "two" } },
        };

        var script = Generate(_script, insert);

        Assert.Equal(2, script.Count);
        Assert.All(script, sql => Assert.StartsWith("INSERT OR IGNORE INTO \"t\"", sql, StringComparison.Ordinal));
        Assert.Contains("'INSERT INTO x'", script[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_all_migrations_names_nothing_unconditionally()
    {
        var script = TriggerBody().Replace(_script.GetService<IMigrator>().GenerateScript(), "");
        var statements = script.Split('\n').Select(l => l.Trim())
            .Where(l => l.StartsWith("CREATE", StringComparison.Ordinal) || l.StartsWith("INSERT", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(statements);
        Assert.All(statements, s => Assert.True(
            s.Contains(" IF NOT EXISTS ", StringComparison.Ordinal) || s.StartsWith("INSERT OR IGNORE ", StringComparison.Ordinal), s));
    }

    private static List<string> Generate(SqliteAgentDbContext context, MigrationOperation operation) =>
        [.. context.GetService<IMigrationsSqlGenerator>()
            .Generate([operation], context.GetService<IDesignTimeModel>().Model).Select(c => c.CommandText)];

    // What a trigger does later is no statement of the script.
    [GeneratedRegex(@"^BEGIN$.*?^END;", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TriggerBody();
}
