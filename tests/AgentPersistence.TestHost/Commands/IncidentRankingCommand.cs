using System.Globalization;
using AgentPersistence.Incidents;
using AgentPersistence.TestHost.Incidents;

namespace AgentPersistence.TestHost.Commands;

/// <summary>
/// `incident-ranking [--loghub folder] [--incidents folder] [--postgres connection-string] [--queries n]`: how well similar incidents are
/// found among real signals. Each signal asks for others of its kind; recall@5 is the share of the first five (or of all, if fewer) that are
/// of its kind, MRR the mean of 1 / the place of the first one among ten. Both are means over the groups (log systems).
/// </summary>
internal static class IncidentRankingCommand
{
    private const int Asked = 10;
    private const int Recalled = 5;
    private const int Seed = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var given = new CommandArguments(arguments);
        var sets = Sets(given).Where(s => s.Samples.Count > 0).ToList();
        if (sets.Count == 0)
        {
            return 0;
        }

        Console.WriteLine($"{"signals",-34} {"database",-11} {"search",-26} {"recall@5",9} {"MRR",9} {"queries",8}");
        foreach (var (name, samples) in sets)
        {
            await foreach (var database in OwnDatabase.EachAsync(given))
            {
                await EvaluateAsync($"{name} ({samples.Count})", samples, database, given.Number("--queries", 100));
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, List<IncidentSample> Samples)> Sets(CommandArguments given)
    {
        if (given.Find("--loghub") is { } loghub && Directory.Exists(loghub))
        {
            yield return ("loghub, tuned on", IncidentSamples.Loghub(loghub, tunedOn: true));
            yield return ("loghub, not tuned on", IncidentSamples.Loghub(loghub, tunedOn: false));
        }
        else
        {
            Console.WriteLine("loghub's log lines are absent: --loghub <folder with *_2k.log_structured.csv>");
        }

        if (given.Find("--incidents") is { } incidents && File.Exists(Path.Combine(incidents, "scenarios.json")))
        {
            yield return ("ITBench, not tuned on", IncidentSamples.ItBench(incidents));
        }
        else
        {
            Console.WriteLine("ITBench's scenarios are absent: --incidents <folder with scenarios.json and faults.json>");
        }
    }

    private static async Task EvaluateAsync(string name, List<IncidentSample> samples, OwnDatabase database, int queriesPerGroup)
    {
        var ids = await database.RecordAsync(samples.Select(s => new NewIncident { SignalCluster = s.Signal, Confidence = 1 }));
        var byId = ids.Zip(samples).ToDictionary(p => p.First, p => p.Second);
        var kinds = samples.CountBy(s => s.Kind).ToDictionary();
        var random = new Random(Seed);
        var queries = ids.Zip(samples).Where(p => kinds[p.Second.Kind] > 1).GroupBy(p => p.Second.Group)
            .SelectMany(g => g.OrderBy(_ => random.Next()).Take(queriesPerGroup)).ToList();
        foreach (var (search, find) in Searches(database))
        {
            var scores = new List<(string Group, double Recall, double Rank)>();
            foreach (var (own, sample) in queries)
            {
                var hits = (await find(sample.Signal)).Where(id => id != own).Take(Asked).Select(id => byId[id].Kind == sample.Kind).ToList();
                var first = hits.IndexOf(true);
                scores.Add((
                    sample.Group,
                    hits.Take(Recalled).Count(h => h) / (double)Math.Min(Recalled, kinds[sample.Kind] - 1),
                    first < 0 ? 0 : 1.0 / (first + 1)));
            }

            var groups = scores.GroupBy(s => s.Group).ToList();
            var (recall, rank) = (groups.Average(g => g.Average(s => s.Recall)), groups.Average(g => g.Average(s => s.Rank)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-34} {database.Name,-11} {search,-26} {recall,9:0.0000} {rank,9:0.0000} {queries.Count,8}"));
        }
    }

    private static IEnumerable<(string Name, Func<string, Task<List<Guid>>> Find)> Searches(OwnDatabase database) =>
    [
        ("substring: the signal", signal => database.ContainingAsync(signal, Asked + 1)),
        ("substring: its longest word", signal => database.ContainingAsync(
            signal.Split(' ', ',', ':', ';', '=', '(', ')', '[', ']', '<', '>', '"', '\'', '/').MaxBy(w => w.Length)!, Asked + 1)),
        ("ranking", async signal => [.. (await database.Incidents.FindSimilarAsync(signal, Asked + 1)).Matches.Select(m => m.Incident.Id)]),
    ];
}
