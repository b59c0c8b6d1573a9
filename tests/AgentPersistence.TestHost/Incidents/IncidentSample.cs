using System.Text;
using System.Text.Json;

namespace AgentPersistence.TestHost.Incidents;

/// <summary>A signal, of which kind it is, and to which group of an evaluation it belongs.</summary>
public sealed record IncidentSample(string Group, string Kind, string Signal);

/// <summary>Real signals, read from where they are; none of them belongs to this repository.</summary>
public static class IncidentSamples
{
    // The weights of the ranking were chosen on these; every other system was looked at only to report.
    private static readonly string[] TunedOn = ["Android", "Apache", "BGL", "HDFS", "HPC", "Hadoop", "HealthApp", "Linux"];

    /// <summary>
    /// The distinct log lines below a folder of loghub (<c>*_2k.log_structured.csv</c>): lines with the same EventId are of one kind.
    /// </summary>
    public static List<IncidentSample> Loghub(string folder, bool tunedOn)
    {
        var samples = new List<IncidentSample>();
        foreach (var file in Directory.EnumerateFiles(folder, "*_2k.log_structured.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var system = Path.GetFileName(file).Split('_')[0];
            if (TunedOn.Contains(system) == tunedOn)
            {
                var rows = Csv(File.ReadAllText(file)).ToList();
                var (kind, line) = (rows[0].IndexOf("EventId"), rows[0].IndexOf("Content"));
                samples.AddRange(rows.Skip(1).Where(r => r.Count == rows[0].Count).DistinctBy(r => r[line])
                    .Select(r => new IncidentSample(system, $"{system} {r[kind]}", r[line])));
            }
        }

        return samples;
    }

    /// <summary>
    /// ITBench's scenarios (what they say, their alerts) and faults (what they are and cause, their alerts): the same faults are one kind.
    /// </summary>
    public static List<IncidentSample> ItBench(string folder)
    {
        using var scenarios = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "scenarios.json")));
        using var faults = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "faults.json")));
        return
        [
            .. scenarios.RootElement.EnumerateArray().Select(s => new IncidentSample(
                "scenarios",
                string.Join(' ', Array(s, "disruptions").SelectMany(d => Array(d, "injections")).Select(i => Text(i, "id")).Order().Distinct()),
                $"{Text(s, "description")} {string.Join(' ', Array(s, "alerts").Select(a => a.GetString()))}")),
            .. faults.RootElement.EnumerateArray().Select(f => new IncidentSample(
                "faults", Text(f, "id"), $"{Text(f, "name")}: {Text(f, "description")} {Text(f, "expectation")} {Alerts(f)}")),
        ];
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<JsonElement> Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static string Alerts(JsonElement fault) => fault.TryGetProperty("alerts", out var alerts) && alerts.ValueKind == JsonValueKind.Object
        ? string.Join(' ', alerts.EnumerateObject().SelectMany(a => Array(alerts, a.Name)).Select(a => a.GetString()))
        : "";

    /// <summary>RFC 4180, quotes and line breaks within them included.</summary>
    private static IEnumerable<List<string>> Csv(string text)
    {
        var (row, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                // Two quotes within quotes are one.
                quoted = !quoted;
                if (quoted && i > 0 && text[i - 1] == '"')
                {
                    field.Append('"');
                }
            }
            else if (text[i] == ',' && !quoted)
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (text[i] == '\n' && !quoted)
            {
                row.Add(field.ToString().TrimEnd('\r'));
                yield return row;
                (row, field) = ([], new StringBuilder());
            }
            else
            {
                field.Append(text[i]);
            }
        }

        if (row.Count > 0)
        {
            yield return [.. row, field.ToString()];
        }
    }
}
