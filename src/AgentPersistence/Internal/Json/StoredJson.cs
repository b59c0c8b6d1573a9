using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>Turns stored JSON text back into an element that no document's disposal can take away.</summary>
internal static class StoredJson
{
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = Input.MaxJsonDepth,
        AllowDuplicateProperties = true,
    };

    public static JsonElement? Parse(string? text) => text is null ? null : JsonElement.Parse(text, Options);
}
