using System.Text.Json;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.TestHost.Incidents;

/// <summary>How the database answers a search for similar incidents.</summary>
internal static class IncidentPlans
{
    /// <param name="executor">The library's, on the database.</param>
    /// <param name="signal">What is searched for.</param>
    /// <param name="explain">What makes the database explain a statement that follows.</param>
    public static async Task<List<(string What, string Plan)>> ExplainAsync(OwnConnectionExecutor executor, string signal, string explain)
    {
        var search = await new IncidentFullText(executor).PrepareAsync(signal, limit: 5, default)
            ?? throw new InvalidOperationException("There is nothing to find.");
        var asked = JsonSerializer.Serialize(search.RareTerms);
        SqlStatement Explained(SqlStatement statement) => statement with { Text = explain + statement.Text };
        return
        [
            ("counting", await PlanAsync(executor, unit => unit.Command(Explained(unit.Dialect.CountIncidentTerms)).Json("terms", asked))),
            ("ranking", await PlanAsync(
                executor, unit => IncidentFullText.Candidates(unit, Explained(unit.Dialect.ReadIncidentCandidates), search))),
            ("sample", await PlanAsync(executor, unit => unit.Command(Explained(unit.Dialect.SampleIncidents)))),
        ];
    }

    private static Task<string> PlanAsync(OwnConnectionExecutor executor, Func<UnitOfWork, StoreCommand> command) => executor.ReadAsync(
        (unit, ct) => command(unit).StreamAsync(
            async reader =>
            {
                var lines = new List<string>();
                while (await reader.ReadAsync(ct))
                {
                    lines.Add(reader.GetString(reader.FieldCount - 1));
                }

                return string.Join('\n', lines);
            },
            ct),
        default);
}
