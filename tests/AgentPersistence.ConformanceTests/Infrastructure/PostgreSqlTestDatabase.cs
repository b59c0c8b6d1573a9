using System.Data.Common;

using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A database of its own on a server that others share.</summary>
public sealed class PostgreSqlTestDatabase(PostgreSqlCatalog catalog, string connectionString) : TestDatabase(connectionString)
{
    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    public override async Task<string> DescribeSchemaAsync() => (string?)await ScalarAsync(
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, collation_name, character_maximum_length)
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace) AS lines(line)
        """) ?? "";

    protected override DbConnection CreateConnection() =>
        new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);

    protected override Task DropAsync() => catalog.DropDatabaseAsync(ConnectionString);
}
