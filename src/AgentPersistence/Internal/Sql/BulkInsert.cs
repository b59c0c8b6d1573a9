namespace AgentPersistence.Internal.Sql;

/// <summary>One column: which property fills it, and how.</summary>
internal sealed record BulkColumn<TRow>(string Property, StoredType Type, Func<TRow, object?> Value);

/// <summary>The parameters of a bulk insert's columns.</summary>
internal static class BulkParameter
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 64).Select(i => $"c{i}")];

    /// <summary>The name of the parameter for a column, by the column's place.</summary>
    public static string Name(int column) => Names[column];
}

/// <summary>The row that must be there for one to be inserted: of which entity, and which property refers to its id.</summary>
internal sealed record BulkParent(string Property, Type Entity);

/// <summary>Many rows of one entity's table in one statement, or in one prepared statement run many times.</summary>
internal sealed class BulkInsert<TRow>(Type entity, IReadOnlyList<BulkColumn<TRow>> columns)
{
    public Type Entity => entity;

    public IReadOnlyList<BulkColumn<TRow>> Columns => columns;

    /// <summary>The properties of the unique key that a row has beside its id, if any. A row in which one is null has none.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>What every row belongs to, if anything.</summary>
    public BulkParent? Parent { get; init; }

    public BulkColumn<TRow> Column(string property) => columns.First(c => c.Property == property);
}
