using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>
/// A statement whose parameters are numbered: Npgsql would write a text with named ones anew at every use, which costs more than the rest of
/// the call.
/// </summary>
internal abstract class NumberedStatement : SentStatement
{
    public override void Set(string name, StoredType type, object? value) =>
        Set(name, PostgreSqlValues.Type(type), PostgreSqlValues.Of(value));

    public override void SetList<T>(string name, StoredType type, IReadOnlyCollection<T> values) =>
        Set(name, PostgreSqlValues.ArrayType(type), values.ToArray());

    public override void SetRows<TRow>(IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            Set(BulkParameter.Name(i), PostgreSqlValues.ArrayType(columns[i].Type), PostgreSqlValues.ArrayOf(columns[i], rows));
        }
    }

    protected abstract void Set(string name, NpgsqlDbType type, object value);

    protected static void Set(NpgsqlParameter parameter, NpgsqlDbType type, object value)
    {
        // To set a type again makes Npgsql look for how to write it again.
        if (parameter.NpgsqlDbType != type)
        {
            parameter.NpgsqlDbType = type;
        }

        parameter.Value = value;
    }
}
