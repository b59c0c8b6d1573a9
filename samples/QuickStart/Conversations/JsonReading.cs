using System.Text.Json;

namespace QuickStart.Conversations;

/// <summary>Reads JSON that may lack anything: what is missing, or null, or of another kind is just not there.</summary>
public static class JsonReading
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>A string's text, a list of text parts as one text, and anything else as its JSON.</summary>
    public static string Text(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return string.Concat(element.Items().Select(part => (part.Member("text") ?? part).Text()));
        }

        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 alone is no character.
            return element.GetRawText();
        }
    }
}
