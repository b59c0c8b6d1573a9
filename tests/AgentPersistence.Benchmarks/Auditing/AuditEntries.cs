using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentPersistence.Auditing;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>
/// Entries as an agent logs its tool calls: every indexed column has a value, the payloads are about 400 bytes together. Users come again
/// and again, a session is twenty entries, a run is five.
/// </summary>
internal static class AuditEntries
{
    private const int Users = 10_000;
    private const int EntriesOfSession = 20;
    private const int EntriesOfRun = 5;

    private static readonly string[] Intents = ["book_flight", "cancel_flight", "change_seat", "refund", "baggage", "loyalty", "other"];
    private static readonly string[] Actions = ["search", "reserve", "charge", "notify", "confirm"];
    private static readonly JsonElement[] Inputs = [.. Enumerable.Range(0, 16).Select(Input)];
    private static readonly JsonElement[] Outputs = [.. Enumerable.Range(0, 16).Select(Output)];

    private static long s_next;

    public static AuditEntry Next() => Make(Interlocked.Increment(ref s_next));

    public static AuditEntry Make(long number) => new()
    {
        RunId = Run(number),
        SessionId = Session(number),
        UserId = User(number),
        EventType = "tool_call",
        Intent = Intents[number / EntriesOfSession % Intents.Length],
        Action = Actions[number % Actions.Length],
        Input = Inputs[number % Inputs.Length],
        Output = Outputs[number % Outputs.Length],
        Status = number % 50 == 0 ? AuditStatus.Failure : AuditStatus.Success,
        IdempotencyKey = Guid.NewGuid().ToString("N"),
    };

    /// <summary>An average entry's payloads, as bytes of UTF-8.</summary>
    public static double PayloadBytes { get; } =
        Inputs.Concat(Outputs).Sum(json => Encoding.UTF8.GetByteCount(json.GetRawText())) / (double)Inputs.Length;

    public static string User(long number) =>
        Id("user", (long)((ulong)(number / EntriesOfSession) * 0x9E3779B97F4A7C15 % Users));

    public static string Session(long number) => Id("session", number / EntriesOfSession);

    public static string Run(long number) => Id("run", number / EntriesOfRun);

    private static string Id(string what, long number) => string.Create(CultureInfo.InvariantCulture, $"{what}-{number:x10}");

    private static JsonElement Input(int number) => JsonSerializer.SerializeToElement(new
    {
        tool = "search_flights",
        args = new { origin = "JFK", destination = "SFO", date = $"2024-05-{number + 10}", passengers = number % 4, cabin = "economy" },
        attempt = number,
    });

    private static JsonElement Output(int number) => JsonSerializer.SerializeToElement(new
    {
        flights = new[] { Flight(number, hour: 8), Flight(number, hour: 13), Flight(number, hour: 17) },
        currency = "USD",
        note = "prices include taxes",
    });

    private static object Flight(int number, int hour) => new
    {
        number = $"HAT{(100 * hour) + number}",
        departs = $"2024-05-{number + 10}T{hour:00}:15:00Z",
        price = 200.5m + number,
        seats = number % 9,
    };
}
