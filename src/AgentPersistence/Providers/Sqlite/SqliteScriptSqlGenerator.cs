using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AgentPersistence.Providers.Sqlite;

#pragma warning disable EF1001 // The constructor of the provider's own generator takes its annotations.

/// <summary>
/// Makes a script that can be run again. SQLite's SQL has no conditions, so every statement says IF NOT EXISTS or OR IGNORE itself.
/// </summary>
internal sealed class SqliteScriptSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    private static readonly (Type Operation, string Text, string Repeatable)[] Repeatables =
    [
        (typeof(CreateTableOperation), "CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "),
        (typeof(CreateIndexOperation), "CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "),
        (typeof(CreateIndexOperation), "CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX IF NOT EXISTS "),
        (typeof(DropIndexOperation), "DROP INDEX ", "DROP INDEX IF EXISTS "),
        (typeof(DropTableOperation), "DROP TABLE ", "DROP TABLE IF EXISTS "),
        (typeof(InsertDataOperation), "INSERT INTO ", "INSERT OR IGNORE INTO "),
    ];

    public override IReadOnlyList<MigrationCommand> Generate(
        IReadOnlyList<MigrationOperation> operations,
        IModel? model = null,
        MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default) =>
        [.. operations.SelectMany(EachRow).SelectMany(o => base.Generate([o], model, options).Select(c => Repeatable(o, c)))];

    /// <summary>Every command inserts one row, so that each can be told to leave what is there.</summary>
    private static IEnumerable<MigrationOperation> EachRow(MigrationOperation operation)
    {
        if (operation is not InsertDataOperation insert)
        {
            return [operation];
        }

        return Enumerable.Range(0, insert.Values.GetLength(0)).Select(row =>
        {
            var values = new object?[1, insert.Columns.Length];
            for (var column = 0; column < insert.Columns.Length; column++)
            {
                values[0, column] = insert.Values[row, column];
            }

            return new InsertDataOperation
            {
                Table = insert.Table,
                Schema = insert.Schema,
                Columns = insert.Columns,
                ColumnTypes = insert.ColumnTypes,
                Values = values,
            };
        });
    }

    private MigrationCommand Repeatable(MigrationOperation operation, MigrationCommand command)
    {
        var text = command.CommandText;
        var repeatable = Repeatables.FirstOrDefault(
            r => r.Operation == operation.GetType() && text.StartsWith(r.Text, StringComparison.Ordinal));
        if (repeatable.Text is null)
        {
            // What says IF NOT EXISTS already: a trigger, or a migration's own SQL.
            return operation is SqlOperation or CreateTableOperation
                ? command
                : throw new NotSupportedException(
                    $"A script for SQLite cannot be made to run twice with a {operation.GetType().Name} in it: SQLite has no conditional "
                    + "form of it. Use MigrateAsync.");
        }

        var sql = Dependencies.CommandBuilderFactory.Create().Append(repeatable.Repeatable + text[repeatable.Text.Length..]).Build();
        return new MigrationCommand(sql, Dependencies.CurrentContext.Context, Dependencies.Logger, command.TransactionSuppressed);
    }
}
