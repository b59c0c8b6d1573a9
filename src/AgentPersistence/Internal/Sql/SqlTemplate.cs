using System.Text;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Internal.Sql;

/// <summary>
/// Fills the names of the EF model into hand-written SQL: <c>{Session}</c> is the table of <c>SessionEntity</c>,
/// <c>{Session.State}</c> the column of its property, <c>{Session.*}</c> all its columns in the order of its <see cref="TableMap"/>.
/// </summary>
internal sealed class SqlTemplate
{
    private const string EntitySuffix = "Entity";
    private readonly Dictionary<string, TableMap> _tables = [];

    public SqlTemplate(IModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            // By name, because the model of a migration knows no CLR types.
            _tables.Add(Placeholder(entity.ShortName()), new TableMap(entity));
        }
    }

    public TableMap Table(Type entity) => FindTable(entity) ?? throw new InvalidOperationException($"The model has no {entity.Name}.");

    /// <summary>The table of an entity, or null where the model (of an earlier migration) does not have it.</summary>
    public TableMap? FindTable(Type entity) => _tables.GetValueOrDefault(Placeholder(entity.Name));

    public string Fill(string template)
    {
        var sql = new StringBuilder(template.Length);
        var rest = template.AsSpan();
        for (var open = rest.IndexOf('{'); open >= 0; open = rest.IndexOf('{'))
        {
            var close = rest[open..].IndexOf('}') + open;
            sql.Append(rest[..open]).Append(Name(rest[(open + 1)..close].ToString()));
            rest = rest[(close + 1)..];
        }

        return sql.Append(rest).ToString();
    }

    private static string Placeholder(string entity) => entity[..^EntitySuffix.Length];

    private string Name(string placeholder)
    {
        var parts = placeholder.Split('.');
        var table = _tables.GetValueOrDefault(parts[0]);
        var name = parts.Length == 1 ? table?.Name
            : parts[1] == "*" && table is not null ? string.Join(", ", table.Columns)
            : table?.FindColumn(parts[1]);
        return name ?? throw new InvalidOperationException($"The model has no {{{placeholder}}}.");
    }
}
