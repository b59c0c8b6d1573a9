using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentPersistence.Benchmarks.Peers;

/// <summary>Peers from npm. A folder's run.sh takes a name, starts a server of its own, and prints each figure as a line of JSON.</summary>
internal sealed class PeerScripts(string folder)
{
    private readonly Dictionary<(string Script, int Callers), List<JsonElement>> _untaken = [];

    /// <summary>One of the figures that a script prints. Each is taken once; when it is asked for again, the script runs again.</summary>
    public async Task<JsonElement> TakeAsync(string script, int callers, Predicate<JsonElement> isWanted)
    {
        if (!_untaken.TryGetValue((script, callers), out var figures) || !figures.Exists(isWanted))
        {
            figures = _untaken[(script, callers)] = await RunAsync(script, callers);
        }

        var index = figures.FindIndex(isWanted);
        var figure = index >= 0 ? figures[index] : throw new InvalidOperationException($"The script {script} has not printed the figure.");
        figures.RemoveAt(index);
        return figure;
    }

    private async Task<List<JsonElement>> RunAsync(string script, int callers)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(folder, "run.sh"), script]) { RedirectStandardOutput = true };
        start.Environment["CS"] = callers.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var figures = new List<JsonElement>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{'))
            {
                figures.Add(JsonElement.Parse(line));
            }
        }

        await process.WaitForExitAsync();
        return figures.Find(f => f.TryGetProperty("error", out _)) is { ValueKind: JsonValueKind.Object } failed
            ? throw new InvalidOperationException($"The peers' script has failed: {failed}")
            : figures;
    }
}
