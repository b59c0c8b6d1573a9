using System.Globalization;
using System.Text.Json;
using AgentPersistence.Jobs;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>Jobs with the payload of the peers' scripts: a tool call of about 250 bytes.</summary>
internal static class JobSamples
{
    public const string Mode = "work";

    private static readonly JsonElement[] Payloads = [.. Enumerable.Range(0, 97).Select(Payload)];

    private static long s_next;

    public static NewJob Next() => new() { Mode = Mode, Payload = NextPayload() };

    public static JsonElement NextPayload() => Payloads[Interlocked.Increment(ref s_next) % Payloads.Length];

    private static JsonElement Payload(int number) => JsonSerializer.SerializeToElement(new
    {
        runId = string.Create(CultureInfo.InvariantCulture, $"run-{number}"),
        tool = "search_flights",
        args = new { origin = "JFK", destination = "SFO", date = "2024-05-20", passengers = 2 },
        attempt = number,
        note = new string('x', 96),
    });
}
