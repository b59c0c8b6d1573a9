namespace AgentPersistence.Internal.Sql;

/// <summary>What a column of a bulk insert holds.</summary>
internal enum BulkType
{
    Text,
    Json,
    Number,
    Time,
    Id,
    Bytes,
}

/// <summary>One column: which property fills it, and how.</summary>
internal sealed record BulkColumn<TRow>(string Property, BulkType Type, Func<TRow, object?> Value);

/// <summary>Many rows of one entity's table in one statement, or in one prepared statement run many times.</summary>
internal sealed class BulkInsert<TRow>(Type entity, IReadOnlyList<BulkColumn<TRow>> columns)
{
    public Type Entity => entity;

    public IReadOnlyList<BulkColumn<TRow>> Columns => columns;
}
