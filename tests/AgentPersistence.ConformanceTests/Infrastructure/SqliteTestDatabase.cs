using System.Data.Common;

using Microsoft.Data.Sqlite;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private const string FileName = "agent.sqlite";

    private readonly string folder;

    public SqliteTestDatabase()
        : this(Directory.CreateTempSubdirectory("agent-persistence-sqlite-").FullName)
    {
    }

    private SqliteTestDatabase(string folder)
        : base(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName) }.ConnectionString) => this.folder = folder;

    public override DatabaseKind Kind => DatabaseKind.Sqlite;

    public string FilePath => Path.Combine(folder, FileName);

    /// <summary>Writes what is committed, wherever SQLite keeps it, as one file that can be copied.</summary>
    public void Export(string path)
    {
        using SqliteConnection source = new(Unpooled(FilePath));
        using SqliteConnection target = new(Unpooled(path));
        source.Open();
        source.BackupDatabase(target);
    }

    public override async Task<string> DescribeSchemaAsync() => (string?)await ScalarAsync(
        """
        SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name)
        """) ?? "";

    protected override DbConnection CreateConnection() => new SqliteConnection(Unpooled(FilePath));

    protected override Task DropAsync()
    {
        using (SqliteConnection pooled = new(ConnectionString))
            SqliteConnection.ClearPool(pooled);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    // A pooled connection would keep the file open, and a statement's locks with it, after the test is done with it.
    private static string Unpooled(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
}
