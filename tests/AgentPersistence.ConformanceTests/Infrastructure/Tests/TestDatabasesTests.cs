using System.Data.Common;

namespace AgentPersistence.ConformanceTests.Infrastructure.Tests;

public abstract class TestDatabasesTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected abstract TestDatabases Create(Func<TestDatabase, Task> migrate);

    [Fact]
    public async Task Two_databases_share_no_table()
    {
        await using var one = await Databases.CreateAsync();
        await using var other = await Databases.CreateAsync();

        await one.ExecuteAsync("CREATE TABLE only_here (n int)");
        await other.ExecuteAsync("CREATE TABLE only_here (n int)");
        await one.ExecuteAsync("INSERT INTO only_here VALUES (1)");

        Assert.Equal(1, await one.CountAsync("only_here"));
        Assert.Equal(0, await other.CountAsync("only_here"));
    }

    [Fact]
    public async Task Many_databases_can_be_made_at_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Databases.CreateAsync()));

        Assert.Equal(8, made.Select(database => database.ConnectionString).Distinct().Count());
        foreach (var database in made)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task The_tests_of_a_class_share_one_database() =>
        Assert.Same(Database, await Databases.OfClassAsync(GetType()));

    [Fact]
    public async Task A_copy_has_what_migrating_made_though_its_connections_are_still_open()
    {
        var migrations = 0;
        List<DbConnection> open = [];
        await using var databases = Create(async database =>
        {
            migrations++;
            open.Add(await database.OpenAsync());
            if (database.Kind == DatabaseKind.Sqlite)
                await database.ExecuteAsync("PRAGMA journal_mode = wal");
            await database.ExecuteAsync("CREATE TABLE made (n int)");
            await database.ExecuteAsync("INSERT INTO made VALUES (1), (2)");
        });

        await using var one = await databases.CreateAsync();
        await using var other = await databases.OfClassAsync(GetType());

        Assert.Equal(2, await one.CountAsync("made"));
        Assert.Equal(2, await other.CountAsync("made"));
        Assert.Equal(1, migrations);
        if (one.Kind == DatabaseKind.Sqlite)
            Assert.Equal("wal", await one.ScalarAsync("PRAGMA journal_mode"));
        foreach (var connection in open)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_dropped_database_is_gone_though_somebody_is_connected()
    {
        var database = await Databases.CreateEmptyAsync();
        await using var connection = await database.OpenAsync();

        await database.DisposeAsync();

        await Assert.ThrowsAnyAsync<DbException>(database.OpenAsync);
    }
}

public sealed class SqliteDatabasesTests(SqliteDatabases databases) : TestDatabasesTests(databases)
{
    protected override TestDatabases Create(Func<TestDatabase, Task> migrate) => new SqliteDatabases(migrate);
}

public sealed class PostgreSqlDatabasesTests(PostgreSqlDatabases databases) : TestDatabasesTests(databases)
{
    protected override TestDatabases Create(Func<TestDatabase, Task> migrate) => new PostgreSqlDatabases(migrate);

    [Fact]
    public async Task Text_is_ordered_as_people_do_unless_asked_otherwise()
    {
        var order = await Database.ScalarAsync("SELECT string_agg(c, '' ORDER BY c) FROM (VALUES ('a'), ('B'), ('c')) AS t (c)");

        Assert.Equal("aBc", order);
    }
}
