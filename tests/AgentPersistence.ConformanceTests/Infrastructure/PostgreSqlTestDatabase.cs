using System.Data.Common;

using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A database of its own on a server that others share.</summary>
public sealed class PostgreSqlTestDatabase(PostgreSqlCatalog catalog, string connectionString) : TestDatabase(connectionString)
{
    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    protected override DbConnection CreateConnection() =>
        new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);

    protected override Task DropAsync() => catalog.DropDatabaseAsync(ConnectionString);
}
