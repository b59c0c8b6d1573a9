using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>The full-text index of incidents. Their terms are made by the library, so no text search configuration has a say.</summary>
internal static class IncidentSearchIndex
{
    /// <summary>What is indexed: an expression and no column, because EF's model is the same for both databases.</summary>
    public const string Document = "array_to_tsvector(string_to_array({Incident.SearchTerms}, ' '))";

    /// <summary>The statements that belong to a table that was just created; none unless it is the incidents'.</summary>
    public static IEnumerable<string> Of(string table, IModel model)
    {
        var template = new SqlTemplate(model);
        return template.FindTable(typeof(IncidentEntity))?.Name == table ? [Create(template)] : [];
    }

    // Without fastupdate: its list of pending rows would be read through by every search.
    private static string Create(SqlTemplate template) => template.Fill($$"""
        CREATE INDEX IF NOT EXISTS ix_{Incident}_search ON {Incident}
        USING gin (({{Document}})) WITH (fastupdate = off);

        """);
}
