using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Internal.Sql;

/// <summary>The names that hand-written SQL uses for one entity, taken from the EF model.</summary>
internal sealed class TableMap
{
    private readonly Dictionary<string, string> _columns = [];
    private readonly Dictionary<string, int> _ordinals = [];

    public TableMap(IEntityType entity)
    {
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        Name = table.Name;
        foreach (var property in entity.GetProperties())
        {
            _ordinals.Add(property.Name, _ordinals.Count);
            _columns.Add(property.Name, property.GetColumnName(table)!);
        }
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>All columns, in the order that <see cref="Ordinal"/> counts.</summary>
    public IEnumerable<string> Columns => _columns.Values;

    /// <summary>How many columns there are: what is selected behind them starts there.</summary>
    public int Count => _columns.Count;

    /// <summary>The column of a property, or null if the entity has no such property.</summary>
    public string? FindColumn(string property) => _columns.GetValueOrDefault(property);

    /// <summary>Where the property's column stands in a row selected with <c>{Entity.*}</c>.</summary>
    public int Ordinal(string property) => _ordinals[property];
}
