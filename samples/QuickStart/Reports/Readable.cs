using System.Globalization;
using System.Text.Json;
using QuickStart.Conversations;

namespace QuickStart.Reports;

/// <summary>Values as a person reads them in a narrow column.</summary>
public static class Readable
{
    private const int Longest = 48;

    public static string Of(object? value) => value switch
    {
        null => "",
        JsonElement json => Cut(OfAnyJson(json)),
        TimeSpan time => time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0} ms" : $"{time.TotalSeconds:0.0} s",
        DateTimeOffset moment => moment.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static TimeSpan? Milliseconds(double? value) => value is { } known ? TimeSpan.FromMilliseconds(known) : null;

    public static string Cut(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : $"{line[..(Longest - 1)].TrimEnd()}…";
    }

    private static string OfAnyJson(JsonElement json)
    {
        try
        {
            return OfJson(json);
        }
        catch (InvalidOperationException)
        {
            // A name that is no text, such as one with \ud800 alone.
            return json.GetRawText();
        }
    }

    private static string OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => string.Join(", ", json.EnumerateObject().Select(member => $"{member.Name}: {OfJson(member.Value)}")),
        JsonValueKind.Array => string.Join(", ", json.EnumerateArray().Select(OfJson)),
        _ => json.Text(),
    };
}
