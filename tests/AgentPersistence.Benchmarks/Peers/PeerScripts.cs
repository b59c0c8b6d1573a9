using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentPersistence.Benchmarks.Peers;

/// <summary>Peers from npm. A folder's run.sh takes a name, starts a server of its own, and prints each figure as a line of JSON.</summary>
internal sealed class PeerScripts(string folder)
{
    /// <summary>What a script has printed for so many callers.</summary>
    public async Task<IReadOnlyList<JsonElement>> RunAsync(string script, int callers)
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
