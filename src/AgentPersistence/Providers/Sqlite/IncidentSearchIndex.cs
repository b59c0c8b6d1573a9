using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>The full-text index of incidents, and the triggers that keep it. It holds no text of its own.</summary>
internal static class IncidentSearchIndex
{
    /// <summary>The statements that belong to a table that was just created; none unless it is the incidents'.</summary>
    public static IEnumerable<string> Of(string table, IModel model)
    {
        var template = new SqlTemplate(model);
        return template.FindTable(typeof(IncidentEntity))?.Name == table
            ? [Create(template), OnInsert(template), OnDelete(template), OnUpdate(template)]
            : [];
    }

    // Terms are separated by blanks and folded already, and asked for one by one: neither places nor lengths are needed. Whatever is no
    // ASCII belongs to a term for this tokenizer, as it does for the library.
    private static string Create(SqlTemplate template) => template.Fill("""
        CREATE VIRTUAL TABLE IF NOT EXISTS {Incident}_search USING fts5(
            {Incident.SearchTerms}, content='{Incident}', content_rowid='{Incident.SearchKey}',
            tokenize="ascii tokenchars '_'", detail=none, columnsize=0);

        """);

    private static string OnInsert(SqlTemplate template) => template.Fill($$"""
        CREATE TRIGGER IF NOT EXISTS {Incident}_search_insert AFTER INSERT ON {Incident}
        BEGIN
            {{Add}}
        END;

        """);

    private static string OnDelete(SqlTemplate template) => template.Fill($$"""
        CREATE TRIGGER IF NOT EXISTS {Incident}_search_delete AFTER DELETE ON {Incident}
        BEGIN
            {{Remove}}
        END;

        """);

    private static string OnUpdate(SqlTemplate template) => template.Fill($$"""
        CREATE TRIGGER IF NOT EXISTS {Incident}_search_update AFTER UPDATE OF {Incident.SearchKey}, {Incident.SearchTerms} ON {Incident}
        BEGIN
            {{Remove}}
            {{Add}}
        END;

        """);

    private const string Add = """
        INSERT INTO {Incident}_search (rowid, {Incident.SearchTerms}) VALUES (NEW.{Incident.SearchKey}, NEW.{Incident.SearchTerms});
        """;

    private const string Remove = """
        INSERT INTO {Incident}_search ({Incident}_search, rowid, {Incident.SearchTerms})
            VALUES ('delete', OLD.{Incident.SearchKey}, OLD.{Incident.SearchTerms});
        """;
}
